/** A flow in few words: what starts it and its steps, one below the other, as deep as they lie in each other. Pure. */
import { TASK_ICONS } from "../../../../canvas/icons";
import { triggersOf } from "../../../../graph/document/parts";
import type { Json } from "../../../../graph/json";
import { outline, type StepList } from "../../../../graph/model/outline";
import { triggerSummary } from "../../../../graph/model/summary";
import { valueAt } from "../../../../graph/pointer";
import type { IconName } from "../../../../parts/icons";
import { TRIGGER_ICONS } from "../../list/activity";

export interface Line {
  readonly depth: number;
  readonly icon: IconName;
  /** What kind of trigger or step it is; of a `try`, the lane that begins here. */
  readonly kind: string;
  readonly text: string;
  readonly starts: boolean;
}

export function linesOf(data: Json): readonly Line[] {
  const starts = triggersOf(data).map(({ kind, configuration }): Line => ({ depth: 0, icon: TRIGGER_ICONS[kind] ?? "run", kind, text: triggerSummary(kind, configuration), starts: true }));
  return [...starts, ...stepsOf(outline(data), 0)];
}

function stepsOf({ steps }: StepList, depth: number): Line[] {
  return steps.flatMap(({ name, kind, task, lists }): Line[] => {
    const retried = kind === "try" && valueAt(task, "/catch/retry") !== undefined;
    return [
      { depth, icon: kind === null ? "warning" : TASK_ICONS[kind], kind: kind ?? "", text: name, starts: false },
      ...lists.flatMap((list): Line[] => {
        const lane: Line[] = list.lane === "catch" && list.steps.length > 0 ? [{ depth, icon: "warning", kind: "catch", text: "", starts: false }] : [];
        return [...lane, ...stepsOf(list, depth + 1)];
      }),
      ...(retried ? [{ depth, icon: "again" as const, kind: "retry", text: "", starts: false }] : []),
    ];
  });
}
