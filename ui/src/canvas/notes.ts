/** Notes of a layout as nodes of the drawing. */
import type { Node } from "@xyflow/react";
import type { LayoutFile, Note } from "../graph/layout/file";
import { OUT_OF_TAB_ORDER, type CanvasNode } from "./picture";

export interface NoteData extends Record<string, unknown> {
  readonly note: Note;
}

export type NoteNode = Node<NoteData, "note">;
export type DrawnNode = CanvasNode | NoteNode;

const NOTE = "note/";

/** The id of a note among the nodes that are drawn, and back; `null` for a node that is none. */
export function noteNodeId(id: string): string {
  return NOTE + id;
}

export function noteIdOf(nodeId: string): string | null {
  return nodeId.startsWith(NOTE) ? nodeId.slice(NOTE.length) : null;
}

/** The notes of a layout, behind everything else. */
export function noteNodes(layout: LayoutFile): NoteNode[] {
  return layout.notes.map((note) => ({
    id: noteNodeId(note.id),
    type: "note",
    position: { x: note.x, y: note.y },
    width: note.width,
    height: note.height,
    measured: { width: note.width, height: note.height },
    data: { note },
    connectable: false,
    domAttributes: OUT_OF_TAB_ORDER,
    zIndex: -1,
    ariaLabel: note.text,
  }));
}
