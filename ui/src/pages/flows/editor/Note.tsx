/** A note on the canvas: a text that says what the flow itself cannot, kept in the layout. */
import { NodeResizer, type NodeProps } from "@xyflow/react";
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import type { NoteNode } from "../../../canvas/notes";
import type { Note } from "../../../graph/layout/file";
import { useText } from "../../../language/language";
import { editor } from "./messages";

/** Keeps a note. */
export const NoteContext = createContext<(note: Note) => void>(() => undefined);

const NARROWEST = 100;
const LOWEST = 44;

export function NoteToWrite({ data: { note }, selected }: NodeProps<NoteNode>): ReactNode {
  const say = useText(editor);
  const keep = useContext(NoteContext);
  // What was just made is written at once.
  const [writing, setWriting] = useState(note.text === "" && selected);
  return (
    <>
      <NodeResizer
        isVisible={selected}
        minWidth={NARROWEST}
        minHeight={LOWEST}
        onResizeEnd={(_, { x, y, width, height }) => keep({ ...note, x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) })}
      />
      {writing ? (
        <Writing
          text={note.text}
          onDone={(text) => {
            setWriting(false);
            if (text !== note.text) keep({ ...note, text });
          }}
        />
      ) : (
        <button type="button" className="canvas-note" aria-label={say("writeNote", { text: note.text })} onDoubleClick={() => setWriting(true)} onKeyDown={(event) => event.key === "Enter" && setWriting(true)}>
          {note.text === "" ? <i>{say("emptyNote")}</i> : note.text}
        </button>
      )}
    </>
  );
}

function Writing({ text, onDone }: { text: string; onDone: (text: string) => void }): ReactNode {
  const say = useText(editor);
  const area = useRef<HTMLTextAreaElement>(null);
  // What is not wholly in sight yet is brought there by the canvas, not by the browser.
  useEffect(() => area.current?.focus({ preventScroll: true }), []);
  return (
    <textarea
      ref={area}
      className="canvas-note nodrag nowheel nopan"
      aria-label={say("note")}
      defaultValue={text}
      onBlur={(event) => onDone(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
        event.stopPropagation();
      }}
    />
  );
}
