/** Brings a part of the canvas into sight. */
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback } from "react";
import type { View } from "../graph/layout/places";
import { lookingAt } from "./view";

export function useIntoSight(): (part: View) => void {
  const { getViewport, setViewport } = useReactFlow();
  const store = useStoreApi();
  return useCallback(
    (part) => {
      const { width, height } = store.getState();
      const next = lookingAt(part, getViewport(), { width, height });
      if (next) void setViewport(next, { duration: 200 });
    },
    [store, getViewport, setViewport],
  );
}
