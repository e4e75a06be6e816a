/**
 * What a definition may say, as the server's validator has it (`grammar.json`, made by `scripts/grammar.py`): the
 * forms are made of it, so that no property is left out and none is invented.
 */
import type { TaskKind } from "../../../../../graph/document/flow";
import { isList, isMap, property, type Json } from "../../../../../graph/json";
import data from "./grammar.json";

/** Where an expression stands: what it sees there. The words are those of the API. */
export type Where = "before" | "body" | "loop" | "catch" | "output" | "export" | "workflow-input" | "workflow-output" | "trigger";

interface Common {
  readonly where?: Where;
}
export type TextShape = Common & { readonly t: "text"; readonly values?: readonly string[]; readonly role?: string; readonly example?: string };
export type ObjectShape = Common & {
  readonly t: "object";
  readonly has: Readonly<Record<string, Shape>>;
  readonly needs?: readonly string[];
  /** Of each of these groups there is exactly one. */
  readonly one?: readonly (readonly string[])[];
  readonly extra?: Shape;
};
export type EitherShape = Common & { readonly t: "either"; readonly of: readonly Shape[] };
export type MapShape = Common & { readonly t: "map"; readonly of: Shape; readonly role?: string };
export type EntriesShape = Common & { readonly t: "entries"; readonly of: Shape; readonly noun: string };
export type ListShape = Common & { readonly t: "list"; readonly of: Shape };
export type Shape =
  | TextShape
  | ObjectShape
  | EitherShape
  | MapShape
  | ListShape
  | EntriesShape
  | (Common & { readonly t: "whole"; readonly min?: number; readonly max?: number })
  | (Common & { readonly t: "number" | "flag" | "tasks" | "task" })
  | (Common & { readonly t: "any"; readonly role?: string })
  | (Common & { readonly t: "named"; readonly name: string });

interface Grammar {
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly tasks: Readonly<Record<TaskKind, ObjectShape>>;
  readonly calls: Readonly<Record<string, ObjectShape>>;
  readonly triggers: Readonly<Record<string, ObjectShape>>;
  readonly document: ObjectShape;
  readonly parts: Readonly<Record<string, Shape>>;
  readonly spec: Readonly<Record<string, Shape>>;
}

export const grammar = data as unknown as Grammar;

/** What every task has, whatever it does. */
export const TASK_BASE = ["if", "input", "output", "export", "timeout", "then", "metadata"] as const;

/** A shape by what it is, not by its name; what it stands in says `where`, unless it says so itself. */
export function resolved(shape: Shape): Exclude<Shape, { t: "named" }> {
  if (shape.t !== "named") return shape;
  const found = grammar.shapes[shape.name];
  if (!found) throw new Error(`the grammar has no ${shape.name}`);
  const own = resolved(found);
  return shape.where === undefined ? own : { ...own, where: shape.where };
}

/** The name of a shape that forms know a field of its own for. */
export function nameOf(shape: Shape): string | null {
  return shape.t === "named" ? shape.name : null;
}

/** Whether a value is of the JSON type of a shape. */
export function accepts(shape: Shape, value: Json): boolean {
  const own = resolved(shape);
  switch (own.t) {
    case "text":
      return typeof value === "string";
    case "whole":
    case "number":
      return typeof value === "number";
    case "flag":
      return typeof value === "boolean";
    case "list":
    case "entries":
    case "tasks":
      return isList(value);
    case "map":
    case "object":
    case "task":
      return isMap(value);
    case "either":
      return own.of.some((each) => accepts(each, value));
    case "any":
      return true;
  }
}

/** The properties that something does by itself, of a kind: without what all tasks have. */
export function ownShape(kind: TaskKind, call: string): ObjectShape {
  const shape = grammar.tasks[kind];
  const has = Object.fromEntries(Object.entries(shape.has).filter(([name]) => kind === "listen" ? name !== "metadata" && !isBase(name) : !isBase(name)));
  const own = { ...shape, has, needs: (shape.needs ?? []).filter((name) => name in has) };
  const arguments_ = kind === "call" ? grammar.calls[call] : undefined;
  return arguments_ ? { ...own, has: { ...has, with: arguments_ } } : own;
}

function isBase(name: string): boolean {
  return (TASK_BASE as readonly string[]).includes(name);
}

/** What a new value says before anybody has written anything. */
export function startOf(shape: Shape): Json {
  const own = resolved(shape);
  if (nameOf(shape) === "duration" || nameOf(shape) === "fixedDuration") return { seconds: 5 };
  switch (own.t) {
    case "text":
      if (own.values?.[0] !== undefined) return own.values[0];
      return own.role === "expression" || own.role === "condition" ? "${ . }" : (own.example ?? "");
    case "whole":
      return own.min ?? 1;
    case "number":
      return 0;
    case "flag":
      return true;
    case "list":
    case "entries":
    case "tasks":
      return [];
    case "map":
    case "task":
      return {};
    case "any":
      return "${ . }";
    case "either":
      return own.of[0] ? startOf(own.of[0]) : null;
    case "object": {
      const first = (own.one ?? []).flatMap((group) => group.slice(0, 1));
      return Object.fromEntries([...first, ...(own.needs ?? [])].flatMap((name) => (own.has[name] ? [[name, startOf(own.has[name])]] : [])));
    }
  }
}

/** What is written under names that the shape does not have. */
export function unknownIn(shape: ObjectShape, value: Json | undefined): string[] {
  return isMap(value) ? Object.keys(value).filter((name) => !Object.hasOwn(shape.has, name)) : [];
}

/** The one property that something has, where that is all that can be said of it: `errors.with`, `event.with`. */
export function onlyPart(shape: ObjectShape, value: Json | undefined): [name: string, part: Shape] | null {
  const parts = Object.entries(shape.has);
  const [first] = parts;
  // What may have properties of any name has more to say.
  if (!first || parts.length > 1 || shape.extra || unknownIn(shape, value).length > 0) return null;
  return resolved(first[1]).t === "object" ? first : null;
}

/** Which of a group is written; the first when none is. */
export function chosenOf(group: readonly string[], value: Json | undefined): string | null {
  return group.find((name) => property(value, name) !== undefined) ?? null;
}
