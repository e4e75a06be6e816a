import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { KINDS } from "../../../src/graph/document/flow";
import { opened } from "../../../src/graph/document/source";
import type { Json } from "../../../src/graph/json";
import { payloadOf } from "../../../src/pages/flows/editor/form/check/payload";
import { durationOf, simpleDuration } from "../../../src/pages/flows/editor/form/fields/duration";
import { accepts, grammar, onlyPart, ownShape, resolved, startOf, type Shape } from "../../../src/pages/flows/editor/form/fields/grammar";
import { localsAt, previousOf } from "../../../src/pages/flows/editor/form/fields/scope";
import { written } from "../../../src/pages/flows/editor/form/fields/write";

const FLOW = `\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: orders} # ours
spec:
  version: 1.0.0
  steps:
    # what comes in
    - begin:
        set: {lines: "\${ .lines }"}   # keep
        input: {from: .order}
    - each:
        for: {each: line, in: .lines}
        do:
          - price:
              call: price
              with:
                sku: '\${ $line.sku }' # quoted so
                x-ours: [1, 2]
        then: end
    - attempt:
        try: [{one: {set: {a: 1}}}]
        catch:
          as: problem
          do:
            - note: {set: {why: 1}}
`;

describe("what a field writes", () => {
  const source = opened(FLOW);
  const begin = "/spec/steps/0/begin";

  it("is its own lines only", () => {
    const after = written(source, "/spec/steps/1/each/do/0/price", "/spec/steps/1/each/do/0/price/with/sku", "${ $line.code }").text;
    expect(after).toBe(FLOW.replace("'${ $line.sku }'", "'${ $line.code }'"));
  });

  it("goes with the map that held nothing else, but leaves the step what it is", () => {
    expect(written(source, begin, `${begin}/input/from`, undefined).text).toBe(FLOW.replace("        input: {from: .order}\n", ""));
    expect(written(source, begin, `${begin}/set/lines`, undefined).text).toContain("set: {}");
    const errors = written(source, begin, "/spec/steps/2/attempt/catch/errors/with/status", 503);
    expect(written(errors, "/spec/steps/2/attempt", "/spec/steps/2/attempt/catch/errors/with/status", undefined).text).toBe(FLOW);
  });

  it("stands before the tasks in it", () => {
    const after = written(source, "/spec/steps/1/each", "/spec/steps/1/each/while", "$index < 3").text;
    expect(after.indexOf("while:")).toBeLessThan(after.indexOf("        do:"));
    expect(after.replace("        while: $index < 3\n", "")).toBe(FLOW);
  });
});

describe("what stands around", () => {
  const { data } = opened(FLOW).root;

  it("are the variables of loops and catches", () => {
    const names = (task: string, where: Parameters<typeof localsAt>[2]) => localsAt(data, task, where).map(({ name }) => name);
    expect(names("/do/1/each/do/0/price", "body")).toEqual(["line", "index"]);
    expect(names("/do/1/each", "body")).toEqual([]);
    expect(names("/do/1/each", "loop")).toEqual(["line", "index"]);
    expect(names("/do/2/attempt/catch/do/0/note", "body")).toEqual(["problem"]);
    expect(names("/do/2/attempt", "catch")).toEqual(["problem"]);
    expect(names("/do/2/attempt/try/0/one", "body")).toEqual([]);
  });

  it("is the task before", () => {
    expect(previousOf(data, "/do/1/each")).toBe("/do/0/begin");
    expect(previousOf(data, "/do/0/begin")).toBeNull();
  });
});

describe("durations", () => {
  it.each<[Json, number, string]>([
    [{ seconds: 5 }, 5, "seconds"],
    ["PT5M", 5, "minutes"],
    ["P2D", 2, "days"],
    ["PT0.250S", 250, "milliseconds"],
  ])("%j is %d %s, and is written as it was", (value, amount, unit) => {
    expect(simpleDuration(value)).toEqual({ amount, unit });
    expect(durationOf(amount, unit as "seconds", value)).toEqual(value);
  });

  it("of several units, and expressions, are no simple ones", () => {
    for (const value of [{ hours: 1, minutes: 2 }, "PT1H2M", "${ .wait }", 5, {}]) expect(simpleDuration(value)).toBeNull();
  });
});

describe("what came to a trigger", () => {
  it("is made again of the input", () => {
    expect(payloadOf("http", { path: "/a", method: "POST" }, { n: 1 })).toMatchObject({ method: "POST", path: "/a", body: { n: 1 } });
    expect(payloadOf("http", { path: "/a", method: "GET" }, { n: 1 })).toMatchObject({ query: { n: 1 }, body: null });
    expect(payloadOf("queue", { name: "a", batch: 2 }, [1, 2])).toMatchObject([{ data: 1 }, { data: 2 }]);
    expect(payloadOf("event", { one: { with: { type: "t", data: "${ .a }" } } }, { a: 1 })).toMatchObject({ type: "t", data: { a: 1 } });
    expect(payloadOf("cron", { schedule: "* * * * *" }, { scheduledAt: "x" })).toEqual({ scheduledAt: "x" });
  });
});

describe("the grammar of the forms", () => {
  it("has a start of its own kind for every shape", () => {
    const seen = new Set<Shape>();
    const walk = (shape: Shape) => {
      if (seen.has(shape)) return;
      seen.add(shape);
      const own = resolved(shape);
      expect(accepts(shape, startOf(shape)), JSON.stringify(own).slice(0, 200)).toBe(true);
      if (own.t === "object") Object.values(own.has).forEach(walk);
      if (own.t === "either") own.of.forEach(walk);
      if (own.t === "list" || own.t === "map" || own.t === "entries") walk(own.of);
    };
    for (const kind of KINDS) walk(grammar.tasks[kind]);
    for (const shape of [...Object.values(grammar.calls), ...Object.values(grammar.triggers), ...Object.values(grammar.parts), ...Object.values(grammar.spec)]) walk(shape);
  });

  it("shows what has one part as that part, but not where other names may stand beside it", () => {
    const emitted = resolved(grammar.tasks.emit.has["emit"] ?? { t: "flag" });
    const metadata = resolved(grammar.tasks.listen.has["metadata"] ?? { t: "flag" });
    if (emitted.t !== "object" || metadata.t !== "object") throw new Error("these are objects");
    const event = resolved(emitted.has["event"] ?? { t: "flag" });
    expect(event.t === "object" && onlyPart(event, undefined)?.[0]).toBe("with");
    expect(event.t === "object" && onlyPart(event, { with: {}, ours: 1 })).toBeNull();
    expect(onlyPart(metadata, undefined)).toBeNull();
  });

  it("has all twelve tasks, and arguments for all built-in calls", () => {
    for (const kind of KINDS) expect(Object.keys(ownShape(kind, "").has)).toContain(kind);
    expect(Object.keys(grammar.calls).sort()).toEqual(["a2a", "asyncapi", "batch", "grpc", "http", "mcp", "openapi"]);
    expect(Object.keys(grammar.triggers).sort()).toEqual(["cron", "event", "http", "interval", "queue"]);
  });

  const schemaFile = join(resolve(import.meta.dirname, "../../../..", process.env["HEADRACE_OWS_DIR"] ?? "../shared/ows"), "schema");
  it.runIf(existsSync(schemaFile))("leaves out no property of the specification's schema", () => {
    expect(missing(schemaFile)).toEqual([]);
  });
});

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
}

/** The properties of tasks in the specification's schema for which there is no place in a form. */
function missing(folder: string): string[] {
  const text = readFileSync(join(folder, "workflow.yaml"), "utf8");
  const root = parse(text) as { $defs: Record<string, Schema> };
  const found: string[] = [];
  const seen = new Set<string>();
  const at = (shape: Shape, name: string): Shape[] => {
    const own = resolved(shape);
    if (own.t === "either") return own.of.flatMap((each) => at(each, name));
    if (own.t === "object") return own.has[name] ? [own.has[name]] : own.extra ? [own.extra] : [];
    if (own.t === "map") return [own.of];
    return own.t === "any" ? [own] : [];
  };
  const walk = (schema: Schema, shapes: readonly Shape[], place: string): void => {
    if (place.split(".").length > 9 || seen.has(place)) return;
    const parts = [schema.$ref ? root.$defs[schema.$ref.replace("#/$defs/", "")] : undefined, ...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
    for (const each of parts) if (each && !/\/(task|taskList)$/.test(schema.$ref ?? "")) walk(each, shapes, place);
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      const next = shapes.flatMap((shape) => at(shape, name));
      if (next.length === 0) found.push(`${place}.${name}`);
      else walk(inner, next, `${place}.${name}`);
    }
    const items = shapes.flatMap((shape) => {
      const own = resolved(shape);
      const lists = own.t === "either" ? own.of.map(resolved) : [own];
      return lists.flatMap((each) => (each.t === "list" ? [each.of] : []));
    });
    if (schema.items && items.length > 0) walk(schema.items, items, `${place}[]`);
  };
  for (const kind of KINDS) {
    const schema = root.$defs[`${kind}Task`];
    if (!schema) throw new Error(`the schema has no ${kind}Task`);
    const calls = kind === "call" ? Object.keys(grammar.calls) : [""];
    walk(schema, calls.map((call) => merged(kind, call)), kind);
  }
  return [...new Set(found)];
}

/** All of a task: what it does, with what every task has. */
function merged(kind: (typeof KINDS)[number], call: string): Shape {
  return { t: "object", has: { ...grammar.tasks[kind].has, ...ownShape(kind, call).has } };
}
