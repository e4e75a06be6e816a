/** An input that is filled in by its schema, or written as JSON: what there is of it so far, and what is sent. */
import { useMemo, useState } from "react";
import { flushSync } from "react-dom";
import { useText } from "../../language/language";
import { readJson } from "../act/json";
import { answerOfMembers, fieldsOf, missingIn, startOfMembers, type Draft, type Member } from "./field";
import { elementOf, type Errors } from "./Fields";
import { form } from "./messages";

type Filled = { readonly [name: string]: Draft };

export interface Input {
  /** None where the schema is none that a form can be made of. */
  readonly members: readonly Member[];
  readonly draft: Filled;
  readonly errors: Errors;
  readonly fill: (draft: Filled) => void;
  /** The JSON; before anybody writes it, what was filled in. */
  readonly text: string;
  readonly write: (text: string) => void;
  /** Why the text is no JSON. */
  readonly problem: string | null;
  /** What is sent; null where something lacks, which then has the focus and says so. */
  readonly take: (way: "form" | "json") => { readonly value: unknown } | null;
}

export function useInput(schema: unknown): Input {
  const say = useText(form);
  const members = useMemo(() => fieldsOf(schema), [schema]);
  const [typed, setTyped] = useState<Filled>({});
  const [errors, setErrors] = useState<Errors>(new Map());
  const [written, setWritten] = useState<string | null>(null);
  const draft = useMemo(() => ({ ...startOfMembers(members), ...typed }), [members, typed]);
  const text = written ?? JSON.stringify(answerOfMembers(members, draft), null, 2);
  const { value, problem } = readJson(text);
  const filled = () => {
    const answer = answerOfMembers(members, draft);
    const missing = missingIn(members, answer);
    // At once, so that what lacks is there to be focused with its error.
    flushSync(() => setErrors(new Map(missing.map((place) => [place, say("required")]))));
    if (missing[0] === undefined) return { value: answer };
    document.getElementById(elementOf(missing[0]))?.focus();
    return null;
  };
  return {
    members,
    draft,
    errors,
    fill: setTyped,
    text,
    write: setWritten,
    problem,
    take: (way) => (way === "form" ? filled() : problem === null ? { value: value ?? null } : null),
  };
}
