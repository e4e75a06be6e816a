/** What is edited and not saved, while somebody looks at other pages. */
import { expect, test } from "vitest";
import { NO_LAYOUT } from "../../src/graph/layout/file";
import { keyOf, leave, takenUp } from "../../src/pages/flows/editor/kept";
import { editorStore } from "../../src/pages/flows/editor/store";

const made = () => editorStore("do: []\n", NO_LAYOUT, null);

test("what is not saved is there again, with the way back; for the same person and flow only", () => {
  const store = made();
  store.getState().type("do: [] # mine\n");
  leave(keyOf("ada", "default", "f"), store);
  expect(takenUp(keyOf("bob", "default", "f"), made)).not.toBe(store);
  expect(takenUp(keyOf("ada", "other", "f"), made)).not.toBe(store);
  expect(takenUp(keyOf("ada", "default", "f"), made)).toBe(store);
  store.getState().undo();
  leave(keyOf("ada", "default", "f"), store);
  expect(takenUp(keyOf("ada", "default", "f"), made)).not.toBe(store);
});

test("of many flows the one that was left first goes", () => {
  const stores = Array.from({ length: 21 }, (_, index) => {
    const store = made();
    store.getState().type(`do: [] # ${index}\n`);
    leave(keyOf("cy", "default", String(index)), store);
    return store;
  });
  expect(takenUp(keyOf("cy", "default", "0"), made)).not.toBe(stores[0]);
  expect(takenUp(keyOf("cy", "default", "20"), made)).toBe(stores[20]);
});
