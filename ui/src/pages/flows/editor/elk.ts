/** The thorough arrangement, in a worker: neither is loaded before somebody asks for it. */
import type { ElkEngine } from "../../../graph/layout/elk";

let engine: Promise<ElkEngine> | null = null;

export function startElk(): Promise<ElkEngine> {
  engine ??= (async () => {
    const [{ default: Elk }, { default: url }] = await Promise.all([
      import("elkjs/lib/elk-api.js"),
      import("elkjs/lib/elk-worker.min.js?url"),
    ]);
    return new Elk({ workerFactory: () => new Worker(url) });
  })();
  return engine;
}
