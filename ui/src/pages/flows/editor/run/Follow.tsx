/** Follows an execution and hands on what is known of it. It draws nothing. */
import { useEffect, useMemo, type ReactNode } from "react";
import { open } from "../../../../graph/document/source";
import { graphOf } from "../../../../graph/model/build";
import { pictureOf, type Choice } from "../../../../graph/model/execution";
import type { Graph } from "../../../../graph/model/graph";
import { useDefinition, useExecution, useLive, type ExecutionDetail } from "../../../executions/one/data";
import { useTick } from "../../../executions/one/tick";
import { placed, placesOf } from "./placing";
import type { Shown } from "./shown";

interface Props {
  readonly id: string;
  /** The flow as it is drawn, and its text. */
  readonly graph: Graph;
  readonly text: string;
  readonly choice: Choice;
  readonly onNews: (shown: Shown | null) => void;
  /** It cannot be shown, for this reason. */
  readonly onError: (error: unknown) => void;
}

export function Follow({ id, onError, ...rest }: Props): ReactNode {
  const { data, error } = useExecution(id);
  useEffect(() => onError(data ? null : error), [data, error, onError]);
  return data ? <Known execution={data} {...rest} /> : null;
}

function Known({ execution, graph, text, choice, onNews }: Omit<Props, "id" | "onError"> & { execution: ExecutionDetail }): null {
  const live = useLive(execution.id, execution.status);
  const { data: definition } = useDefinition(execution.id);
  const ran = definition?.text;
  const executed = useMemo(() => {
    if (ran === undefined) return null;
    if (ran === text) return graph;
    const { source } = open(ran);
    return source ? graphOf(source.root.data) : null;
  }, [ran, text, graph]);
  const places = useMemo(() => (executed ? placesOf(executed, graph) : null), [executed, graph]);
  const { state: runs, complete } = live.history;
  // How long what is open has been so does not show on the canvas: no picture is needed for every tick.
  const now = useTick(false);
  const own = useMemo(() => (executed ? pictureOf(executed, runs.all, choice, now) : null), [executed, runs, choice, now]);
  const picture = useMemo(() => (own && places ? placed(own, places) : null), [own, places]);
  const { connected, again, onLines, history } = live;
  const shown = useMemo((): Shown | null => {
    if (!executed || !places || !own || !picture) return null;
    return { execution, runs, complete, live: { connected, again, onLines, history }, executed, places, own, picture };
  }, [execution, runs, complete, connected, again, onLines, history, executed, places, own, picture]);
  useEffect(() => onNews(shown), [shown, onNews]);
  useEffect(() => () => onNews(null), [onNews]);
  return null;
}
