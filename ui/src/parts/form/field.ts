/**
 * The fields of a form, from its JSON Schema. Pure.
 *
 * What a schema says beyond these kinds is filled in as JSON; the server checks everything against the schema.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Schema = Readonly<Record<string, unknown>>;

/** What is typed so far; `undefined`: nothing. */
export type Draft = undefined | null | boolean | number | string | readonly Draft[] | { readonly [name: string]: Draft };

interface Common {
  readonly title: string;
  readonly help: string;
  readonly start: Draft;
}

export type Field =
  | (Common & { readonly kind: "text"; readonly long: boolean; readonly input: "text" | "email" | "url" | "date" | "datetime-local" | "time" })
  | (Common & { readonly kind: "number"; readonly whole: boolean; readonly least: number | undefined; readonly most: number | undefined })
  | (Common & { readonly kind: "flag" })
  | (Common & { readonly kind: "choice"; readonly options: readonly Option[] })
  | (Common & { readonly kind: "list"; readonly item: Field })
  | (Common & { readonly kind: "group"; readonly members: readonly Member[] })
  | (Common & { readonly kind: "json" });

export interface Option {
  readonly value: Json;
  readonly title: string;
}

export interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly field: Field;
}

/** So many schemas lie in each other at most; one that refers to itself has no end. */
const DEPTH_MAX = 8;
const LONG_FROM = 200;
const INPUTS = { email: "email", uri: "url", date: "date", "date-time": "datetime-local", time: "time" } as const;

/** The fields of a form; none where there is no form. */
export function fieldsOf(form: unknown): readonly Member[] {
  if (!isMap(form)) return [];
  const field = fieldOf(form, "", form, 0);
  return field.kind === "group" ? field.members : [];
}

export function fieldOf(given: unknown, name: string, root: Schema, depth: number): Field {
  const schema = resolved(given, root);
  const common: Common = { title: text(schema["title"]) || named(name), help: text(schema["description"]), start: startOf(schema) };
  if (depth > DEPTH_MAX) return { ...common, kind: "json" };
  const options = optionsOf(schema);
  if (options) return { ...common, kind: "choice", options };
  switch (typeOf(schema)) {
    case "string": {
      const input = INPUTS[text(schema["format"]) as keyof typeof INPUTS] as (typeof INPUTS)[keyof typeof INPUTS] | undefined;
      const long = input === undefined && (Number(schema["maxLength"]) >= LONG_FROM || schema["format"] === "textarea");
      return { ...common, kind: "text", long, input: input ?? "text" };
    }
    case "integer":
    case "number":
      return { ...common, kind: "number", whole: typeOf(schema) === "integer", least: numeral(schema["minimum"]), most: numeral(schema["maximum"]) };
    case "boolean":
      return { ...common, kind: "flag" };
    case "array":
      return isMap(schema["items"]) ? { ...common, kind: "list", item: fieldOf(schema["items"], "", root, depth + 1) } : { ...common, kind: "json" };
    case "object": {
      if (!isMap(schema["properties"])) return { ...common, kind: "json" };
      const required = Array.isArray(schema["required"]) ? schema["required"] : [];
      const members = Object.entries(schema["properties"]).map(([member, each]) => ({
        name: member,
        required: required.includes(member),
        field: fieldOf(each, member, root, depth + 1),
      }));
      return { ...common, kind: "group", members };
    }
    default:
      return { ...common, kind: "json" };
  }
}

/** What a field holds before anybody types. */
export function startOfField(field: Field): Draft {
  if (field.start !== undefined) return field.start;
  if (field.kind === "group") return startOfMembers(field.members);
  return field.kind === "list" ? [] : undefined;
}

export function startOfMembers(members: readonly Member[]): { readonly [name: string]: Draft } {
  return Object.fromEntries(members.map(({ name, field }) => [name, startOfField(field)]));
}

/** What is sent of what was typed: fields that were left empty are left out. */
export function answerOf(field: Field, draft: Draft): Json | undefined {
  if (draft === undefined || draft === "") return undefined;
  if (field.kind === "group") {
    const answer = answerOfMembers(field.members, isMap(draft) ? (draft) : {});
    return Object.keys(answer).length > 0 ? answer : undefined;
  }
  if (field.kind === "list") {
    const items = Array.isArray(draft) ? (draft as readonly Draft[]) : [];
    // An empty place in a list is null: leaving it out would move what comes after it, and its errors.
    return items.length > 0 ? items.map((each) => answerOf(field.item, each) ?? emptyOf(field.item)) : undefined;
  }
  if (field.kind === "json" && typeof draft === "string") return parsed(draft);
  if (field.kind === "text" && field.input === "datetime-local" && typeof draft === "string") return moment(draft);
  return draft as Json;
}

export function answerOfMembers(members: readonly Member[], draft: { readonly [name: string]: Draft }): { readonly [name: string]: Json } {
  const answer: Record<string, Json> = {};
  for (const { name, required, field } of members) {
    const value = answerOf(field, draft[name]);
    if (value !== undefined) answer[name] = value;
    else if (required && field.kind === "flag") answer[name] = false; // a box that nobody ticked says no
    else if (required && field.kind === "list") answer[name] = [];
    else if (required && field.kind === "group") answer[name] = {};
  }
  return answer;
}

/** The places of what has to be there and is not, as JSON Pointers into the answer. */
export function missingIn(members: readonly Member[], answer: { readonly [name: string]: Json }, at = ""): string[] {
  return members.flatMap(({ name, required, field }) => {
    const place = `${at}/${segment(name)}`;
    const value = answer[name];
    if (value === undefined) return required ? [place] : [];
    return missingBelow(field, value, place);
  });
}

function missingBelow(field: Field, value: Json, place: string): string[] {
  if (field.kind === "group" && isMap(value)) return missingIn(field.members, value, place);
  if (field.kind === "list" && Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((each, index) => missingBelow(field.item, each, `${place}/${index}`));
  }
  return [];
}

/** A name as one segment of a JSON Pointer. */
export function segment(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function emptyOf(field: Field): Json {
  if (field.kind === "group") return {};
  return field.kind === "flag" ? false : field.kind === "text" ? "" : null;
}

function resolved(given: unknown, root: Schema): Schema {
  let schema = isMap(given) ? given : {};
  for (let step = 0; step < DEPTH_MAX && typeof schema["$ref"] === "string"; step += 1) {
    const found = schema["$ref"].startsWith("#/") ? below(root, schema["$ref"].slice(2).split("/")) : undefined;
    schema = isMap(found) ? found : {};
  }
  return schema;
}

function below(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, part) => (isMap(at) ? at[part.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined), value);
}

function optionsOf(schema: Schema): readonly Option[] | undefined {
  if (Array.isArray(schema["enum"])) return (schema["enum"] as readonly Json[]).map((value) => ({ value, title: shown(value) }));
  const cases = schema["oneOf"] ?? schema["anyOf"];
  if (!Array.isArray(cases) || !cases.every((each) => isMap(each) && "const" in each)) return undefined;
  return (cases as readonly Schema[]).map((each) => ({ value: each["const"] as Json, title: text(each["title"]) || shown(each["const"] as Json) }));
}

function typeOf(schema: Schema): string {
  const type = schema["type"];
  if (typeof type === "string") return type;
  if (Array.isArray(type)) return text(type.find((each) => each !== "null"));
  return isMap(schema["properties"]) ? "object" : "";
}

function startOf(schema: Schema): Draft {
  return schema["default"] === undefined ? undefined : (schema["default"] as Draft);
}

function shown(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function named(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function parsed(typed: string): Json {
  try {
    return JSON.parse(typed) as Json;
  } catch {
    return typed; // the server says what it should be
  }
}

function moment(typed: string): string {
  const at = new Date(typed);
  return Number.isNaN(at.getTime()) ? typed : at.toISOString();
}

function numeral(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function isMap(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
