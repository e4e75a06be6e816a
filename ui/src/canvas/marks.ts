/** Marks on nodes: what a page says of them beside what they are. */
import type { CanvasNode } from "./picture";

export interface Mark {
  readonly className: string;
  readonly word: string;
}

export function marked(nodes: CanvasNode[], marks: ReadonlyMap<string, Mark> | undefined): CanvasNode[] {
  if (!marks) return nodes;
  return nodes.map((node) => {
    const mark = marks.get(node.id);
    return mark ? { ...node, className: mark.className, ariaLabel: `${node.data.node.name}: ${mark.word}` } : node;
  });
}
