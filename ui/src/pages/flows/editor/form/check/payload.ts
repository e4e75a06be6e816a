/** What came to a trigger, made again of the input that it became: what comes itself is not on record. Pure. */
import { property, type Json, type JsonMap } from "../../../../../graph/json";

/** What `input` of a trigger sees, where it would have become `input`. */
export function payloadOf(kind: string, configuration: Json, input: Json): Json {
  switch (kind) {
    case "http": {
      const method = text(property(configuration, "method")) || "POST";
      const queried = ["GET", "HEAD", "DELETE"].includes(method);
      return { method, path: text(property(configuration, "path")), params: {}, query: queried ? input : {}, headers: {}, body: queried ? null : input };
    }
    case "event":
      return { specversion: "1.0", id: "1", source: "/example", type: "com.example.event", ...first(configuration), data: input };
    case "queue": {
      const batch = property(configuration, "batch");
      const item = (data: Json): Json => ({ id: "1", data, attempt: 1, enqueuedAt: null, headers: {} });
      if (typeof batch === "number" && batch > 1) return (Array.isArray(input) ? (input as Json[]) : [input]).map(item);
      return item(input);
    }
    default:
      return input;
  }
}

/** The attributes that the filter of an event trigger names. */
function first(configuration: Json): JsonMap {
  const many = property(configuration, "any") ?? property(configuration, "all");
  const filter = property(configuration, "one") ?? (Array.isArray(many) ? (many as Json[])[0] : configuration);
  const attributes = property(filter, "with");
  return Object.fromEntries(Object.entries((attributes ?? {}) as JsonMap).filter(([name, value]) => name !== "data" && typeof value === "string" && !value.includes("${")));
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
