/**
 * The workflow in a document: a FlowApp, or a plain OWS document.
 *
 * Tasks are named by their pointers in the OWS form (`/do/0/charge`), as the engine names them; in the text
 * of a FlowApp they stand elsewhere (`/spec/steps/0/charge`).
 */
import { isList, isMap, property, type Json, type JsonMap } from "../json";
import { below, split, valueAt, within } from "../pointer";
import type { Source } from "./source";

export type Flavour = "flowapp" | "workflow";

export const KINDS = ["call", "for", "fork", "emit", "listen", "raise", "run", "set", "switch", "try", "wait", "do"] as const;
export type TaskKind = (typeof KINDS)[number];

export const DIRECTIVES = ["continue", "exit", "end"] as const;

export function isDirective(name: string): boolean {
  return (DIRECTIVES as readonly string[]).includes(name);
}

/** Which of the two a document is; an OWS document has `document` or `do` at its top. */
export function flavourOf(data: Json): Flavour {
  if (property(data, "kind") === "FlowApp" || isMap(property(data, "spec"))) return "flowapp";
  return property(data, "document") !== undefined || property(data, "do") !== undefined ? "workflow" : "flowapp";
}

const MOVED: readonly (readonly [string, string])[] = [
  ["/do", "/spec/steps"],
  ["/document/name", "/metadata/name"],
  ["/document/namespace", "/metadata/namespace"],
  ...["version", "title", "summary", "tags"].map((name) => [`/document/${name}`, `/spec/${name}`] as const),
  ...["input", "use", "timeout", "output", "schedule", "evaluate"].map((name) => [`/${name}`, `/spec/${name}`] as const),
];

/** Where a value of the OWS form stands in the text. */
export function filePointer(data: Json, pointer: string): string {
  if (flavourOf(data) === "workflow") return pointer;
  const moved = MOVED.find(([ows]) => within(pointer, ows));
  return moved ? moved[1] + pointer.slice(moved[0].length) : pointer;
}

/** Where a value of the text stands in the OWS form; the inverse of `filePointer`. */
export function owsPointer(data: Json, pointer: string): string {
  if (flavourOf(data) === "workflow") return pointer;
  const moved = MOVED.find(([, file]) => within(pointer, file));
  return moved ? moved[0] + pointer.slice(moved[1].length) : pointer;
}

/** The pointer in the text of a task, a list, or a property named in the OWS form. */
export function inFile(source: Source, pointer: string): string {
  return filePointer(source.root.data, pointer);
}

export function taskKind(task: Json | undefined): TaskKind | null {
  return isMap(task) ? (KINDS.find((kind) => Object.hasOwn(task, kind)) ?? null) : null;
}

/** The lists of tasks directly in a task: the path from the task, and what is written there. */
export function listsOf(task: Json | undefined): { path: string; list: Json | undefined }[] {
  const paths: Record<TaskKind, readonly string[]> = {
    do: ["/do"],
    for: ["/do"],
    fork: ["/fork/branches"],
    listen: ["/foreach/do"],
    try: ["/try", "/catch/do"],
    call: ["/with/subscription/foreach/do"],
    emit: [],
    raise: [],
    run: [],
    set: [],
    switch: [],
    wait: [],
  };
  const kind = taskKind(task);
  if (kind === null) return [];
  return paths[kind]
    .map((path) => ({ path, list: valueAt(task, path) }))
    .filter(({ path, list }) => isList(list) || path === "/try" || path === "/do" || path === "/fork/branches");
}

/** A task in its list. */
export interface Listed {
  readonly name: string;
  readonly task: Json;
  readonly index: number;
  readonly pointer: string;
}

/** The tasks of a list that are well enough written to be shown; `list` is its pointer. */
export function tasksOf(data: Json | undefined, list: string): Listed[] {
  if (!isList(data)) return [];
  return data.flatMap((item, index) => {
    const names = isMap(item) ? Object.keys(item) : [];
    const name = names[0];
    if (name === undefined || names.length > 1) return [];
    return [{ name, task: (item as JsonMap)[name] ?? null, index, pointer: below(list, index, name) }];
  });
}

/** Where a task stands: its list, its place in it, its name. */
export interface TaskPlace {
  readonly list: string;
  readonly index: number;
  readonly name: string;
}

/** Read a task's pointer apart. */
export function taskPlace(pointer: string): TaskPlace {
  const own = split(pointer);
  const item = split(own.parent);
  return { list: item.parent, index: Number(item.name), name: own.name };
}

/** The data at a pointer of the OWS form. */
export function owsValue(data: Json, pointer: string): Json | undefined {
  return valueAt(data, filePointer(data, pointer));
}

/** The names of the tasks of a list. */
export function namesIn(data: Json, list: string): string[] {
  return tasksOf(owsValue(data, list), list).map(({ name }) => name);
}

/** A name like `wanted` that none of `taken` is: `charge`, `charge2`, `charge3`. */
export function freeName(wanted: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  if (!names.has(wanted)) return wanted;
  const stem = wanted.replace(/\d+$/, "") || wanted;
  for (let number = 2; ; number += 1) if (!names.has(`${stem}${number}`)) return `${stem}${number}`;
}
