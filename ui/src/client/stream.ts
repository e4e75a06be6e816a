/** The one reader of live updates (server-sent events). */

export type StreamEvent = Readonly<Record<string, unknown>>;

export interface Listener {
  /** Something happened; `kind` is `execution`, `task`, `log`, ... */
  readonly event: (kind: string, data: StreamEvent) => void;
  /** What happened in between is not known: read the state again. Comes at the beginning, too. */
  readonly reset: () => void;
  readonly connected?: (connected: boolean) => void;
}

/** Follow a stream until the returned function is called. The browser connects again by itself. */
export function follow(path: string, kinds: readonly string[], listener: Listener): () => void {
  const source = new EventSource(path, { withCredentials: true });
  source.addEventListener("open", () => listener.connected?.(true));
  source.addEventListener("error", () => listener.connected?.(false));
  source.addEventListener("ready", () => listener.reset());
  source.addEventListener("reset", () => listener.reset());
  source.addEventListener("end", () => source.close());
  for (const kind of kinds) {
    source.addEventListener(kind, (event: MessageEvent<string>) => listener.event(kind, JSON.parse(event.data) as StreamEvent));
  }
  return () => source.close();
}
