/** The execution that the editor shows: which one the address says, and what is looked at of it. */
import { useCallback, useMemo, useState } from "react";
import { useSearchParams } from "wouter";
import type { Choice, ExecutionPicture } from "../../../../graph/model/execution";
import type { Graph } from "../../../../graph/model/graph";
import type { Look } from "../../../executions/one/address";
import type { ExecutionDetail, LiveExecution } from "../../../executions/one/data";
import { choiceOf, runsOf, tellingRun, type Runs } from "../../../executions/one/runs";
import { useEditor, useEditorStore } from "../context";
import type { Places } from "./placing";

/** An execution as it is known so far, on the flow as it is drawn. */
export interface Shown {
  readonly execution: ExecutionDetail;
  readonly runs: Runs;
  readonly complete: boolean;
  readonly live: LiveExecution;
  /** The flow that it runs on. */
  readonly executed: Graph;
  readonly places: Places;
  /** On what is drawn. */
  readonly picture: ExecutionPicture;
  /** On what it runs. */
  readonly own: ExecutionPicture;
}

export interface ShownRun {
  readonly id: string | null;
  readonly show: (id: string | null) => void;
}

/** Which execution is shown: it is in the address, so that reloading shows it again and going back closes it. */
export function useShownRun(): ShownRun {
  const [params, setParams] = useSearchParams();
  const show = useCallback(
    (id: string | null) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          if (id === null) next.delete("run");
          else next.set("run", id);
          return next;
        },
        { replace: id === null },
      ),
    [setParams],
  );
  return { id: params.get("run"), show };
}

/** The iterations of loops that are looked at. */
export interface Chosen {
  readonly choice: Choice;
  readonly setChoice: (choice: Choice) => void;
}

/** What is looked at of an execution: what is selected on the canvas, and a run of it that was chosen. */
export function useLook(shown: Shown, { choice, setChoice }: Chosen): { look: Look; setLook: (change: Partial<Look>) => void } {
  const { places, runs } = shown;
  const store = useEditorStore();
  const selected = useEditor((state) => state.selected);
  const [pinned, pin] = useState<number | null>(null);
  const only = selected.length === 1 ? selected[0] : undefined;
  const task = only === undefined ? null : places.executed(only);
  const look = useMemo((): Look => {
    const kept = pinned === null ? undefined : runs.byId.get(pinned);
    const run = task === null ? null : kept?.task === task ? kept.run_id : (tellingRun(runsOf(runs, task, choice))?.run_id ?? null);
    return { view: "steps", task, run, choice, other: null };
  }, [task, pinned, runs, choice]);
  const setLook = (change: Partial<Look>) => {
    if (change.choice) setChoice(change.choice);
    const run = change.run == null ? undefined : runs.byId.get(change.run);
    if (run) {
      pin(run.run_id);
      if (!change.choice && Object.keys(choice).length > 0) setChoice(choiceOf(runs, run));
      const drawn = places.drawn(run.task);
      if (drawn !== null) store.getState().select([drawn]);
    } else if (change.run === null) {
      pin(null);
      store.getState().select([]);
    }
  };
  return { look, setLook };
}
