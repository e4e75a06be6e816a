/** What the triggers of a flow take, to fire them by hand. Pure. */
import { triggersOf } from "../../../../graph/document/parts";
import { isList, isMap, property, type Json } from "../../../../graph/json";

export interface Firing {
  readonly name: string;
  readonly kind: string;
  /** What could come, to begin with. */
  readonly payload: Json;
}

/** The triggers of a flow that can be fired by hand, with what they take. */
export function firingsOf(data: Json): readonly Firing[] {
  return triggersOf(data)
    .filter(({ kind }) => kind !== "")
    .map(({ name, kind, configuration }) => ({ name, kind, payload: payloadOf(kind, configuration) }));
}

function payloadOf(kind: string, configuration: Json): Json {
  switch (kind) {
    case "event":
      return eventOf(configuration);
    case "http":
    case "queue":
      return {};
    default:
      return null;
  }
}

/** An event that fits what a trigger listens to: the attributes that it names are as it wants them. */
function eventOf(configuration: Json): Json {
  const strategy = ["one", "any", "all"].map((each) => property(configuration, each)).find((each) => each !== undefined);
  const first = isList(strategy) ? strategy[0] : strategy;
  const wanted = property(first, "with");
  const fixed = isMap(wanted) ? Object.entries(wanted).filter(([, value]) => typeof value === "string" && !value.includes("${")) : [];
  return { type: "com.example.event", source: "/by-hand", ...Object.fromEntries(fixed), data: {} };
}
