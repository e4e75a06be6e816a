/** Keeps in sight what was added to a flow. */
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import type { Box } from "../graph/layout/arrange";
import { lookingAfter } from "./view";

export function Grown({ places, selected }: { places: ReadonlyMap<string, Box>; selected: string | undefined }): null {
  const { getViewport, setViewport } = useReactFlow();
  const store = useStoreApi();
  const before = useRef(places);
  useEffect(() => {
    const was = before.current;
    before.current = places;
    const { width, height } = store.getState();
    if (was === places || width === 0 || height === 0) return;
    const next = lookingAfter(was, places, selected, getViewport(), { width, height });
    // At once: the nodes have moved at once too.
    if (next) void setViewport(next);
  }, [places, selected, store, getViewport, setViewport]);
  return null;
}
