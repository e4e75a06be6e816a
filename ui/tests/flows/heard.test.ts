import { describe, expect, it } from "vitest";
import { hear, telling } from "../../src/pages/flows/editor/heard";
import { editorStore } from "../../src/pages/flows/editor/store";
import { NO_LAYOUT } from "../../src/graph/layout/file";

const TEXT = "kind: FlowApp\n";

describe("who hears of a new text", () => {
  it("is told before those who draw, whenever it came", () => {
    const store = telling(editorStore(TEXT, NO_LAYOUT, null));
    const order: string[] = [];
    store.subscribe(({ draft }) => order.push(`drawn: ${draft.text}`));
    const stop = hear(store, (text) => order.push(`text: ${text}`));
    store.getState().type("kind: Other\n");
    expect(order).toEqual(["text: kind: Other\n", "drawn: kind: Other\n"]);
    stop();
    store.getState().type(TEXT);
    expect(order.slice(2)).toEqual([`drawn: ${TEXT}`]);
  });

  it("is not told of what leaves the text as it is", () => {
    const store = telling(editorStore(TEXT, NO_LAYOUT, null));
    const told: string[] = [];
    hear(store, (text) => told.push(text));
    store.getState().select(["/do/0/a"]);
    expect(told).toEqual([]);
  });
});
