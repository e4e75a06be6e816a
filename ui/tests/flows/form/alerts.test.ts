/** Alerts of a flow: what their form writes is what was changed, as it was written otherwise. */
import { describe, expect, it } from "vitest";
import { moveItem } from "../../../src/graph/document/items";
import { opened } from "../../../src/graph/document/source";
import { insertValue, setValue } from "../../../src/graph/document/values";
import { isList, isMap, type Json } from "../../../src/graph/json";
import { valueAt } from "../../../src/graph/pointer";
import { draftOf, isChosen, NEW, type Draft } from "../../../src/parts/alert/draft";
import { alertOf, newAlert } from "../../../src/pages/flows/editor/form/fields/alerts";
import { written } from "../../../src/pages/flows/editor/form/fields/write";

const ALERTS = "/spec/alerts";
const FLOW = `\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: orders} # ours
spec:
  version: 1.0.0
  alerts:
    # for the night shift
    - name: fails
      faulted: {count: 3, within: {minutes: 90}}   # not each
      webhook:
        url: 'https://a.example.test/{{ secrets.hook }}' # quoted so
        headers: {X-Team: shop}
        body: |
          {"text": {{ alert.summary | tojson }}}
    - {name: slow, slower: PT60M, webhook: {url: "https://b.example.test"}, group: {seconds: 0}}
  steps:
    - begin: {set: {a: 1}}
`;

function changed(index: number, change: Partial<Draft>): string {
  const source = opened(FLOW);
  const before = valueAt(source.root.data, `${ALERTS}/${index}`) ?? null;
  const draft = isMap(before) ? draftOf(before) : null;
  if (!draft) throw new Error("the form shows this alert");
  return setValue(source, `${ALERTS}/${index}`, alertOf({ ...draft, ...change }, before)).text;
}

describe("an alert", () => {
  it("is not written anew where nothing was changed", () => {
    expect(changed(0, {})).toBe(FLOW);
    expect(changed(1, {})).toBe(FLOW);
  });

  it("has only the lines of what was changed written", () => {
    expect(changed(0, { count: 5 })).toBe(FLOW.replace("count: 3", "count: 5"));
    expect(changed(0, { url: "https://c.example.test" })).toBe(FLOW.replace("https://a.example.test/{{ secrets.hook }}", "https://c.example.test"));
    expect(changed(0, { headers: [{ name: "X-Team", value: "night" }] })).toBe(FLOW.replace("X-Team: shop", "X-Team: night"));
    expect(changed(0, { time: { count: 2, unit: "hours" } })).toBe(FLOW.replace("{minutes: 90}", "PT2H"));
    expect(changed(1, { group: null })).toBe(FLOW.replace(", group: {seconds: 0}", ""));
    expect(changed(1, { kind: "stuck" })).toBe(FLOW.replace("slower: PT60M, webhook", "stuck: PT1H, webhook"));
  });

  it("is added behind the others under a free name, before the steps where it is the first", () => {
    const source = opened(FLOW);
    const items = valueAt(source.root.data, ALERTS);
    const first = newAlert(isList(items) ? items : []);
    expect(first["name"]).toBe("alert");
    expect(newAlert([first, { name: "alert2" }])["name"]).toBe("alert3");
    const more = insertValue(source, ALERTS, 2, first);
    expect(more.text).toContain("group: {seconds: 0}}\n    - name: alert\n      faulted: true\n");
    expect(written(more, "/spec", `${ALERTS}/2`, undefined).text).toBe(FLOW);
    const none = FLOW.replace(/ {2}alerts:\n[^]*?(?= {2}steps:)/, "");
    expect(written(opened(none), "/spec", ALERTS, [first]).text).toBe(none.replace("  steps:", '  alerts:\n    - name: alert\n      faulted: true\n      webhook:\n        url: ""\n  steps:'));
  });

  it("goes up with its comments", () => {
    const text = FLOW.replace("    # for the night shift\n", "").replace("    - {name: slow", "    # one line\n    - {name: slow");
    const up = moveItem(opened(text), ALERTS, 1, ALERTS, 0).text;
    expect(up.indexOf("# one line")).toBeLessThan(up.indexOf("- name: fails"));
    expect(up).toContain("# one line\n    - {name: slow");
  });

  it("is taken at once where something was chosen, and when its field is left where it was typed", () => {
    expect(isChosen(NEW, { ...NEW, kind: "stuck" })).toBe(true);
    expect(isChosen(NEW, { ...NEW, group: { count: 0, unit: "seconds" } })).toBe(true);
    expect(isChosen({ ...NEW, headers: [{ name: "a", value: "b" }] }, NEW)).toBe(true);
    expect(isChosen(NEW, { ...NEW, url: "h" })).toBe(false);
    expect(isChosen(NEW, { ...NEW, headers: [{ name: "", value: "" }] })).toBe(false);
  });
});

it("what no field can show is no draft", () => {
  const strange: readonly Json[] = [{ later: true }, { faulted: true, webhook: { url: "x", headers: { a: 1 } } }];
  for (const each of strange) expect(isMap(each) && draftOf(each)).toBeNull();
});
