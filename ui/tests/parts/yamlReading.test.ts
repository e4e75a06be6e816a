import { TreeFragment, type Tree } from "@lezer/common";
import { describe, expect, it } from "vitest";
import { flowYaml } from "../../src/parts/code/yaml";

const STEPS = 400;

function flow(extra: string): string {
  const steps = Array.from({ length: STEPS }, (_, at) => `    - load${at}: {call: reserve, with: {order: "\${ .order }", total: "\${ .total + ${at} }"}}\n`);
  return `kind: FlowApp\nspec:\n  steps:\n${steps.slice(0, 3).join("")}${extra}${steps.slice(3).join("")}`;
}

/** The tree, and in how many steps it was read. */
function read(text: string, fragments: readonly TreeFragment[] = []): [Tree, number] {
  const reading = flowYaml.parser.startParse(text, fragments);
  for (let steps = 1; ; steps += 1) {
    const tree = reading.advance();
    if (tree) return [tree, steps];
  }
}

/** What it read, and where. */
function shape(tree: Tree): string[] {
  const nodes: string[] = [];
  tree.iterate({ enter: ({ name, from, to }) => void nodes.push(`${name} ${from}-${to}`) });
  return nodes;
}

describe("the editor's reading of YAML", () => {
  it("takes over what was read before an edit, wherever that is in a long list", () => {
    const [before, whole] = read(flow(""));
    const added = "    - more: {set: {a: 1}}\n";
    const text = flow(added);
    const at = text.indexOf(added);
    const change = { fromA: at, toA: at, fromB: at, toB: at + added.length };
    const [after, again] = read(text, TreeFragment.applyChanges(TreeFragment.addTree(before), [change]));
    expect(shape(after)).toEqual(shape(read(text)[0]));
    expect(again).toBeLessThan(whole / 4);
  });
});
