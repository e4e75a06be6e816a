/** Triggers and functions of a FlowApp. */
import { isList, isMap, property, type Json, type JsonMap } from "../json";
import { below, valueAt } from "../pointer";
import { flavourOf, freeName, listsOf, owsValue, tasksOf, inFile } from "./flow";
import { insertItem } from "./items";
import { EditError } from "./problem";
import type { Source } from "./source";
import { removeValue, renameEntry, setValue } from "./values";

const TRIGGERS = "/spec/triggers";
const FUNCTIONS = "/spec/functions";
/** What a FlowApp says after its triggers and functions, in the order of the guide. */
const BEHIND_TRIGGERS = ["functions", "use", "input", "steps"];
const BEHIND_FUNCTIONS = ["use", "input", "steps"];

function flowAppOnly(source: Source): void {
  if (flavourOf(source.root.data) !== "flowapp") {
    throw new EditError("flowapp-only", "an OWS document has no triggers and functions; make a FlowApp of it");
  }
}

export interface Trigger {
  readonly name: string;
  readonly kind: string;
  readonly configuration: Json;
  /** Where it stands in the text. */
  readonly pointer: string;
}

/** The triggers of a document that are well enough written to be shown. */
export function triggersOf(data: Json): Trigger[] {
  const list = valueAt(data, TRIGGERS);
  if (!isList(list)) return [];
  return list.flatMap((each, index): Trigger[] => {
    if (!isMap(each)) return [];
    const kind = Object.keys(each).find((name) => name !== "name");
    const name = property(each, "name");
    return [
      {
        name: typeof name === "string" ? name : `#${index + 1}`,
        kind: kind ?? "",
        configuration: kind === undefined ? null : (each[kind] ?? null),
        pointer: below(TRIGGERS, index),
      },
    ];
  });
}

/** Add a trigger behind the others; its name is made free. Returns it. */
export function addTrigger(source: Source, name: string, kind: string, configuration: Json): { source: Source; trigger: Trigger } {
  flowAppOnly(source);
  const triggers = triggersOf(source.root.data);
  const free = freeName(name, triggers.map((each) => each.name));
  const value: JsonMap = { name: free, [kind]: configuration };
  const list = valueAt(source.root.data, TRIGGERS);
  const count = isList(list) ? list.length : 0;
  const result =
    list === undefined
      ? setValue(source, TRIGGERS, [value], { before: BEHIND_TRIGGERS })
      : insertItem(source, TRIGGERS, count, { value, lines: null });
  return { source: result, trigger: { name: free, kind, configuration, pointer: below(TRIGGERS, count) } };
}

/** Remove the trigger at a pointer of the text; the list goes with the last one. */
export function removeTrigger(source: Source, pointer: string): Source {
  const list = valueAt(source.root.data, TRIGGERS);
  return removeValue(source, isList(list) && list.length === 1 ? TRIGGERS : pointer);
}

/** Add a function; its name is made free. Returns the name. */
export function addFunction(source: Source, name: string, definition: JsonMap): { source: Source; name: string } {
  flowAppOnly(source);
  const functions = valueAt(source.root.data, FUNCTIONS);
  const free = freeName(name, isMap(functions) ? Object.keys(functions) : []);
  if (functions === undefined) {
    return { source: setValue(source, FUNCTIONS, { [free]: definition }, { before: BEHIND_FUNCTIONS }), name: free };
  }
  return { source: setValue(source, below(FUNCTIONS, free), definition), name: free };
}

export function removeFunction(source: Source, name: string): Source {
  flowAppOnly(source);
  const functions = valueAt(source.root.data, FUNCTIONS);
  const last = isMap(functions) && Object.keys(functions).length === 1 && Object.hasOwn(functions, name);
  return removeValue(source, last ? FUNCTIONS : below(FUNCTIONS, name));
}

/** Rename a function, and every call of it. */
export function renameFunction(source: Source, old: string, name: string): Source {
  flowAppOnly(source);
  if (name.trim() === "") throw new EditError("name-empty", "a function needs a name");
  const renamed = renameEntry(source, below(FUNCTIONS, old), name);
  return callsOf(renamed.root.data, old).reduce(
    (result, task) => setValue(result, inFile(result, below(task, "call")), name),
    renamed,
  );
}

/** The tasks that call a function by its name. */
export function callsOf(data: Json, name: string): string[] {
  const found: string[] = [];
  const walk = (list: string) => {
    for (const { task, pointer } of tasksOf(owsValue(data, list), list)) {
      if (property(task, "call") === name) found.push(pointer);
      for (const { path } of listsOf(task)) walk(pointer + path);
    }
  };
  walk("/do");
  return found;
}
