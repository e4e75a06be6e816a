/** FlowApps as the pages ask for them. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { ApiProblem } from "../../client/api";
import { useNamespace } from "../../namespace";
import { flowOf, type LoadedFlow } from "./queries";

export { loadFlow, loadLayout, type FlowDetail, type LoadedFlow } from "./queries";

/** How soon somebody who looks at a flow hears of a newer version. */
const NEWER_MS = 5_000;

/** A flow with its text and its layout, as it is by and by. */
export function useFlow(name: string): UseQueryResult<LoadedFlow> {
  return useQuery({
    ...flowOf(useNamespace(), name),
    // One that is gone is not asked for again and again; a server that was gone comes back.
    refetchInterval: ({ state }) => (state.error instanceof ApiProblem && state.error.status === 404 ? false : NEWER_MS),
  });
}
