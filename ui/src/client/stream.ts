/** The one reader of live updates (server-sent events). */

export type StreamEvent = Readonly<Record<string, unknown>>;

export interface Listener {
  /** Something happened; `kind` is `execution`, `task`, `log`, ... */
  readonly event: (kind: string, data: StreamEvent) => void;
  /** What happened in between is not known: read the state again. Comes at the beginning, too. */
  readonly reset: () => void;
  readonly connected?: (connected: boolean) => void;
}

const AGAIN_MS = 5_000;

/**
 * Follow a stream until the returned function is called. The browser connects again by itself where the connection
 * broke; where there was an answer that is no stream (of a proxy, or a server that stops) it gives up, and we do.
 */
export function follow(path: string, kinds: readonly string[], listener: Listener): () => void {
  let close: () => void = () => undefined;
  const open = () => {
    const source = new EventSource(path, { withCredentials: true });
    let timer: number | undefined;
    close = () => {
      window.clearTimeout(timer);
      source.close();
    };
    source.addEventListener("open", () => listener.connected?.(true));
    source.addEventListener("error", () => {
      listener.connected?.(false);
      if (source.readyState === EventSource.CLOSED) timer = window.setTimeout(open, AGAIN_MS);
    });
    source.addEventListener("ready", () => listener.reset());
    source.addEventListener("reset", () => listener.reset());
    source.addEventListener("end", () => source.close());
    for (const kind of kinds) {
      source.addEventListener(kind, (event: MessageEvent<string>) => listener.event(kind, JSON.parse(event.data) as StreamEvent));
    }
  };
  open();
  return () => close();
}
