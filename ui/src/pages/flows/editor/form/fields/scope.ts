/** What stands around a place: the variables that loops and catches bind, and the task before. Pure. */
import { casesOf } from "../../../../../graph/document/directives";
import { owsValue, taskPlace, tasksOf } from "../../../../../graph/document/flow";
import { property, type Json } from "../../../../../graph/json";
import { below } from "../../../../../graph/pointer";
import type { Where } from "./grammar";

/** A local variable, and what it is. */
export interface Local {
  readonly name: string;
  readonly of: "item" | "index" | "error";
}

/** The local variables at a task (its reference), the outermost first; those of the task itself for what is in it. */
export function localsAt(data: Json, task: string, where: Where): Local[] {
  const names = task.split("/");
  const locals: Local[] = [];
  for (let length = 2; length < names.length; length += 1) {
    const around = names.slice(0, length).join("/");
    const inside = names.slice(length);
    const written = owsValue(data, around);
    if (inside[0] === "do") locals.push(...loopLocals(property(written, "for")));
    if (inside[0] === "foreach" && inside[1] === "do") locals.push(...foreachLocals(property(written, "foreach")));
    if (inside[0] === "catch" && inside[1] === "do") locals.push(errorLocal(property(written, "catch")));
  }
  const own = owsValue(data, task);
  if (where === "loop") locals.push(...loopLocals(property(own, "for")));
  if (where === "catch") locals.push(errorLocal(property(own, "catch")));
  return locals;
}

function loopLocals(loop: Json | undefined): Local[] {
  if (loop === undefined) return [];
  return [
    { name: named(property(loop, "each"), "item"), of: "item" },
    { name: named(property(loop, "at"), "index"), of: "index" },
  ];
}

function foreachLocals(foreach: Json | undefined): Local[] {
  return [
    { name: named(property(foreach, "item"), "item"), of: "item" },
    { name: named(property(foreach, "at"), "index"), of: "index" },
  ];
}

function errorLocal(caught: Json | undefined): Local {
  return { name: named(property(caught, "as"), "error"), of: "error" };
}

function named(value: Json | undefined, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

/** The task before a task in its list, `null` for the first. */
export function previousOf(data: Json, task: string): string | null {
  const { list, index } = taskPlace(task);
  return tasksOf(owsValue(data, list), list).findLast((each) => each.index < index)?.pointer ?? null;
}

/** The name under which a `try` binds its error. */
export function catchName(data: Json, task: string): string {
  return errorLocal(property(owsValue(data, task), "catch")).name;
}

/** The cases of a `switch`, in their order. */
export function switchCases(data: Json, task: string): ReturnType<typeof casesOf> {
  const { list, index, name } = taskPlace(task);
  return casesOf({ name, index, pointer: task, task: property(owsValue(data, below(list, index)), name) ?? null });
}

/** The language and mode of the expressions of a document. */
export function languageOf(data: Json): { language: "jq" | "jsonata"; mode: "strict" | "loose" } {
  const evaluate = owsValue(data, "/evaluate");
  return {
    language: property(evaluate, "language") === "jsonata" ? "jsonata" : "jq",
    mode: property(evaluate, "mode") === "loose" ? "loose" : "strict",
  };
}
