/** What has a file of its own: drawn at once where its file is there already, else when it has come. */
import { createElement, lazy, useState, type ComponentType, type ReactNode } from "react";
import { answer, api, isUnreachable } from "../client/api";

/** A file that the server, which answers, does not have (any more): it has another version of the dashboard. */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

const AGAIN_MS = 2_000;

/** Load a file; where the server does not answer, as soon as it does. Throws `LoadError` where it has none. */
export async function loaded<File>(load: () => Promise<File>): Promise<File> {
  for (let missed = false; ; ) {
    try {
      return await load();
    } catch (error) {
      if (missed) throw new LoadError(error instanceof Error ? error.message : String(error), { cause: error });
      missed = await answers();
      if (!missed) await new Promise((resolve) => window.setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** Whether the server answers, whatever it says. */
async function answers(): Promise<boolean> {
  return answer(api.GET("/api/v1/session/visitor")).then(
    () => true,
    (problem: unknown) => !isUnreachable(problem),
  );
}

export interface Ahead<Props extends object> {
  (props: Props): ReactNode;
  /** Load its file, so that it is there when it is drawn. */
  readonly load: () => Promise<unknown>;
}

/**
 * `React.lazy` shows what stands for something first even where its file is there, and React keeps that for a third
 * of a second. Many such things inside each other add up.
 */
export function ahead<Props extends object>(load: () => Promise<{ readonly default: ComponentType<Props> }>): Ahead<Props> {
  let there: ComponentType<Props> | undefined;
  const begin = async () => {
    const file = await loaded(load);
    there = file.default;
    return file;
  };
  const Later = lazy(begin) as unknown as ComponentType<Props>;
  function Drawn(props: Props): ReactNode {
    // It stays what it was when it was drawn first: another one would begin anew.
    const [component] = useState<ComponentType<Props>>(() => there ?? Later);
    return createElement(component, props);
  }
  return Object.assign(Drawn, { load: begin });
}

const NOT_IDLE_MS = 1_000;

/** Do something when the browser has nothing else to do. Returns how to leave it. */
export function whenIdle(what: () => void): () => void {
  // Safari has no word for it.
  if (typeof window.requestIdleCallback !== "function") {
    const timer = window.setTimeout(what, NOT_IDLE_MS);
    return () => window.clearTimeout(timer);
  }
  const handle = window.requestIdleCallback(what);
  return () => window.cancelIdleCallback(handle);
}
