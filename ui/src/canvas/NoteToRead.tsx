/** A note on the canvas, as who may not edit sees it. */
import type { NodeProps } from "@xyflow/react";
import type { ReactNode } from "react";
import type { NoteNode } from "./notes";

export function NoteToRead({ data }: NodeProps<NoteNode>): ReactNode {
  return <div className="canvas-note">{data.note.text}</div>;
}
