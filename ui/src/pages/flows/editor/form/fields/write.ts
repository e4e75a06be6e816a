/** What a field writes into the text: its own lines, and nothing else. Pure. */
import type { Source } from "../../../../../graph/document/source";
import { removeValue, setValue } from "../../../../../graph/document/values";
import { isMap, property, type Json } from "../../../../../graph/json";
import { split, valueAt, within } from "../../../../../graph/pointer";

/** What a task has behind its own properties, and a flow behind its settings: new ones go before. */
const LAST = ["steps", "do", "foreach", "catch", "then"];

/**
 * Set a value, or with `undefined` take it out; maps that nothing is left of go with it, but none of `base` and
 * above, nor what stands directly in it (`set`, `catch`: without it the task would be none).
 */
export function written(source: Source, base: string, pointer: string, value: Json | undefined): Source {
  if (value === undefined) return removeValue(source, emptied(source.root.data, base, pointer));
  return setValue(source, pointer, value, { before: LAST });
}

const KEPT = new Set(["set", "catch", "emit", "listen", "run", "raise", "for", "fork", "wait", "http", "cron", "interval", "event", "queue", "schedule"]);

function emptied(data: Json, base: string, pointer: string): string {
  let at = pointer;
  for (;;) {
    const { parent, name } = split(at);
    const owner = valueAt(data, parent);
    const only = isMap(owner) && Object.keys(owner).length === 1 && property(owner, name) !== undefined;
    if (!only || parent === base || !within(parent, base) || KEPT.has(split(parent).name)) return at;
    at = parent;
  }
}
