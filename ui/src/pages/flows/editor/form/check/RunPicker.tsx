/** Chooses one of the runs of a step that ran several times: an iteration, or one before it was tried again. */
import { Select, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../../../../language/language";
import { parts } from "../../../../../parts/messages";
import { check } from "./messages";
import type { TaskRun } from "./runs";

const LAST = "last";
/** So many are listed; others are found by what is typed. */
const LISTED_MAX = 50;

interface Props {
  readonly runs: readonly TaskRun[];
  /** `null`: the last one, whichever that is. */
  readonly chosen: number | null;
  readonly onChoose: (run: number | null) => void;
}

export function RunPicker({ runs, chosen, onChoose }: Props): ReactNode {
  const say = useText(check);
  const word = useText(parts);
  const tried = runs.some(({ attempt }) => attempt > 1);
  const describe = ({ status, iterations, attempt }: TaskRun, index: number) => {
    const where = [
      ...(iterations.length > 0 ? [say("iteration", { iteration: iterations.join(" › ") })] : []),
      ...(tried ? [say("attempt", { attempt })] : []),
    ];
    return [say("runOf", { at: index + 1, count: runs.length }), ...where, word(status)].join(" · ");
  };
  const last = runs.at(-1);
  if (!last || runs.length < 2) return null;
  const earlier = runs.slice(0, -1).map((run, index) => ({ value: String(run.id), label: describe(run, index) }));
  return (
    <>
      <Text size="xs" c="dimmed" id="sample-run-label" style={{ whiteSpace: "nowrap" }}>
        {say("run")}
      </Text>
      <Select
        size="xs"
        aria-labelledby="sample-run-label"
        allowDeselect={false}
        searchable
        limit={LISTED_MAX}
        nothingFoundMessage={say("noRunFits")}
        data={[{ value: LAST, label: say("lastRun", { which: describe(last, runs.length - 1) }) }, ...earlier.reverse()]}
        value={chosen === null ? LAST : String(chosen)}
        onChange={(next) => onChoose(next === null || next === LAST ? null : Number(next))}
      />
    </>
  );
}
