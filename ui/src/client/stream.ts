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
/** How long a page that nobody sees keeps its connection: who looks at another one for a moment comes back. */
const UNSEEN_MS = 3_000;

/**
 * Follow a stream until the returned function is called. The browser connects again by itself where the connection
 * broke; where there was an answer that is no stream (of a proxy, or a server that stops) it gives up, and we do.
 *
 * A page that is not seen gives its connection back, and has a new one when it is: a browser has six for all pages of a
 * server (HTTP/1.1), and with six in the hands of streams the next page would not open.
 */
export function follow(path: string, kinds: readonly string[], listener: Listener): () => void {
  let source: EventSource | null = null;
  let again: number | undefined;
  let leaving: number | undefined;
  let ended = false;
  const close = () => {
    window.clearTimeout(again);
    source?.close();
    source = null;
  };
  const open = () => {
    const opened = new EventSource(path, { withCredentials: true });
    source = opened;
    opened.addEventListener("open", () => listener.connected?.(true));
    opened.addEventListener("error", () => {
      listener.connected?.(false);
      if (opened.readyState !== EventSource.CLOSED) return;
      again = window.setTimeout(() => {
        source = null;
        look();
      }, AGAIN_MS);
    });
    opened.addEventListener("ready", () => listener.reset());
    opened.addEventListener("reset", () => listener.reset());
    opened.addEventListener("end", () => {
      ended = true;
      close();
    });
    for (const kind of kinds) {
      opened.addEventListener(kind, (event: MessageEvent<string>) => listener.event(kind, JSON.parse(event.data) as StreamEvent));
    }
  };
  const look = () => {
    window.clearTimeout(leaving);
    if (document.hidden) leaving = window.setTimeout(close, UNSEEN_MS);
    else if (!source && !ended) open();
  };
  document.addEventListener("visibilitychange", look);
  if (!document.hidden) open();
  return () => {
    document.removeEventListener("visibilitychange", look);
    window.clearTimeout(leaving);
    close();
  };
}
