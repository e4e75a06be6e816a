/** Makes a flow of a text, or its next version where it is to be one, and opens it. */
import { useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { useAct } from "../../../parts/act/useAct";
import { flowAddress } from "../address";
import { loadFlow } from "../data";
import { saveText } from "../editor/data";
import { createFlow } from "./data";
import type { Identity } from "./documents";

interface Creation {
  readonly identity: Identity;
  readonly text: string;
  /** There is one of this name: this is its next version. */
  readonly next?: boolean;
}

export function useCreate() {
  const [, go] = useLocation();
  const queries = useQueryClient();
  return useAct({
    act: async ({ identity: { namespace, name }, text, next = false }: Creation) => {
      if (next) await saveText(namespace, name, text, "", (await loadFlow(namespace, name)).etag);
      else await createFlow(namespace, name, text, "");
      await queries.invalidateQueries({ queryKey: ["flows", namespace] });
      queries.removeQueries({ queryKey: ["flow", namespace, name] });
      void queries.invalidateQueries({ queryKey: ["namespaces"] });
      go(flowAddress(namespace, name));
    },
  });
}
