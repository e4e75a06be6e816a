/** Alerts of a flow as its form adds and writes them. Pure. */
import { freeName } from "../../../../../graph/document/flow";
import { isMap, property, type Json, type JsonMap } from "../../../../../graph/json";
import { ruleOf, type Draft } from "../../../../../parts/alert/draft";

/** A new alert beside others. Whom it tells has to be filled in. */
export function newAlert(others: readonly Json[]): JsonMap {
  const taken = others.flatMap((each) => property(each, "name")).filter((name) => typeof name === "string");
  return { name: freeName("alert", taken), faulted: true, webhook: { url: "" } };
}

/** An alert as a draft says it: under its name, with what the fields do not know. */
export function alertOf(draft: Draft, before: Json): JsonMap {
  const rule = isMap(before) ? before : {};
  const name = rule["name"];
  return { ...(name === undefined ? {} : { name }), ...(ruleOf(draft, rule) as JsonMap) };
}
