/** Adding what was chosen in the palette without a place. */
import { useReactFlow } from "@xyflow/react";
import { useCallback } from "react";
import { noteNodeId } from "../../../canvas/notes";
import { useIntoSight } from "../../../canvas/sight";
import { arranged } from "../../../graph/layout/arrange";
import { withNote } from "../../../graph/layout/file";
import { freeCorner, placesOf } from "../../../graph/layout/places";
import { pictured, useEditorStore } from "./context";
import { added, newNote, type Offer } from "./drops";

/** Adds an offer: a note where there is room for it, all else behind what is selected. */
export function useAdding(): (offer: Offer) => void {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  const intoSight = useIntoSight();
  return useCallback(
    (offer) => {
      const { layout, selected, place, select, edit } = store.getState();
      const graph = pictured(store.getState());
      if (offer.of !== "note") {
        edit((source) => added(source, graph, offer, selected[0]));
        return;
      }
      const box = document.querySelector(".editor__canvas")?.getBoundingClientRect();
      const made = newNote(screenToFlowPosition({ x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 }));
      const note = { ...made, ...freeCorner(placesOf(graph, arranged(graph, layout).boxes), made) };
      place(withNote(layout, note));
      select([noteNodeId(note.id)]);
      intoSight(note);
    },
    [store, screenToFlowPosition, intoSight],
  );
}
