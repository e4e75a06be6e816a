/** Which data the expressions of the panel are tried on, and where they stand. */
import { createContext, useContext, useMemo } from "react";
import { isMap, property, type Json } from "../../../../../graph/json";
import { owsValue } from "../../../../../graph/document/flow";
import { below, segments, valueAt } from "../../../../../graph/pointer";
import { useEditor } from "../../context";
import type { Where } from "../fields/grammar";
import { catchName, languageOf, localsAt, previousOf } from "../fields/scope";
import { seenAt, type Came } from "./arrived";
import type { TryPlace } from "./data";
import { payloadOf } from "./payload";

/** What is chosen to try on: an execution, or data of one's own. */
export interface Sample {
  readonly execution: string | null;
  /** Which run of the task, `null` for the last one. */
  readonly run: number | null;
  /** What came to the trigger that is looked at, where that is tried on. */
  readonly came: Came | undefined;
  /** Else the input of the execution, and what it came to. */
  readonly input: Json | undefined;
  readonly output: Json | undefined;
  /** Data of one's own; goes before the execution. */
  readonly own: Json | undefined;
}

/** What the form is of: a task by its reference, a trigger, or the flow. */
export type Subject =
  | { readonly of: "task"; readonly task: string }
  | { readonly of: "trigger"; readonly kind: string; readonly place: string }
  | { readonly of: "flow" };

export const SampleContext = createContext<Sample>({ execution: null, run: null, came: undefined, input: undefined, output: undefined, own: undefined });
export const SubjectContext = createContext<Subject>({ of: "flow" });

const NOWHERE: readonly string[] = [];

/** The place of an expression of the form's subject, with the data that is there; `pointer` is where it stands in the text. */
export function useTryPlace(where: Where, pointer: string): TryPlace {
  const sample = useContext(SampleContext);
  const subject = useContext(SubjectContext);
  const data = useEditor((state) => state.draft.picture?.root.data ?? null);
  return useMemo(() => placeOf(data, subject, sample, where, pointer), [data, subject, sample, where, pointer]);
}

function placeOf(data: Json, subject: Subject, sample: Sample, where: Where, pointer: string): TryPlace {
  const names = subject.of === "task" ? localsAt(data, subject.task, where).map(({ name }) => name) : NOWHERE;
  const place = { where, ...languageOf(data), names };
  if (sample.own !== undefined) {
    const given = sample.own;
    return { ...place, on: { of: "data", data: given, variables: { input: given } } };
  }
  if (subject.of === "trigger") {
    const trigger = valueAt(data, subject.place) ?? null;
    const configuration = isMap(trigger) ? (trigger[subject.kind] ?? null) : null;
    const payload = sample.came ? sample.came.payload : sample.input === undefined ? undefined : payloadOf(subject.kind, configuration, sample.input);
    if (payload === undefined) return { ...place, on: { of: "nothing" } };
    const seen = seenAt(subject.kind, configuration, segmentsIn(subject, pointer), payload, sample.output);
    return { ...place, on: seen === undefined ? { of: "nothing" } : { of: "data", data: seen, variables: {} } };
  }
  if (sample.execution === null) return { ...place, on: { of: "nothing" } };
  if (subject.of === "flow") return { ...place, on: { of: "execution", at: { execution: sample.execution, task: "", catch_as: "error" } } };
  const { task } = subject;
  const written = owsValue(data, task);
  const from = property(property(written, "input"), "from");
  return {
    ...place,
    on: {
      of: "execution",
      at: {
        execution: sample.execution,
        task,
        ...(sample.run === null ? {} : { run: sample.run }),
        previous: previousOf(data, task),
        ...(where !== "before" && from !== undefined ? { input_from: from } : {}),
        catch_as: where === "catch" ? catchName(data, task) : "error",
      },
    },
  };
}

/** The segments of a place below the configuration of a trigger. */
function segmentsIn({ place, kind }: Subject & { of: "trigger" }, pointer: string): readonly string[] {
  const base = below(place, kind);
  return pointer.startsWith(`${base}/`) ? segments(pointer.slice(base.length)) : [];
}
