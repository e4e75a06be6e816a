/** Chooses the data that expressions are tried on: an execution of the flow, the last one by default, or one's own. */
import { Select, Text } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import type { Json } from "../../../../../graph/json";
import { useFormat, useText } from "../../../../../language/language";
import { useNow } from "../../../../../parts/Ago";
import { Code } from "../../../../../parts/code/CodeView";
import { parts } from "../../../../../parts/messages";
import { useExecutions } from "../../../../executions/data";
import { form } from "../messages";
import type { Came } from "./arrived";
import { SampleContext, type Sample } from "./context";
import { useCame, useEnds } from "./data";
import { check } from "./messages";
import { RunPicker } from "./RunPicker";
import { useRunsOf } from "./runs";

const LAST = "last";
const OWN = "own";
const CHOICES_MAX = 20;

export interface Choice {
  readonly chosen: string;
  readonly own: string;
  /** One of several runs of a step, in the execution that it is of; `null`: the last one. */
  readonly run: { readonly execution: string; readonly id: number } | null;
}

export const FIRST_CHOICE: Choice = { chosen: LAST, own: "{\n  \n}", run: null };

interface Props {
  readonly flow: string;
  /** Only what came to this trigger, and executions of it: what came is made again of their input. */
  readonly trigger: { readonly name: string; readonly kind: string } | null;
  /** The reference of the step that is looked at. */
  readonly task: string | null;
  readonly choice: Choice;
  readonly onChoose: (choice: Choice) => void;
  readonly children: ReactNode;
}

export function SamplePicker({ flow, trigger, task, choice, onChoose, children }: Props): ReactNode {
  const say = useText(form);
  const sayCheck = useText(check);
  const word = useText(parts);
  const format = useFormat();
  const now = useNow();
  const { data: executions = [] } = useExecutions({ flow, limit: CHOICES_MAX, ...(trigger === null ? {} : { trigger: trigger.name }) });
  const found = useCame(flow, trigger);
  const arrived = found ?? [];
  const known = [OWN, LAST].includes(choice.chosen) || arrived.some(({ sort }) => sort === choice.chosen) || executions.some(({ id }) => id === choice.chosen);
  const chosen = known ? choice.chosen : LAST;
  // What really came goes before what is made again.
  const came = chosen === LAST ? arrived[0] : arrived.find(({ sort }) => sort === chosen);
  const execution = chosen === OWN ? null : came ? (came.arrival.execution ?? null) : found === null ? null : chosen === LAST ? (executions[0]?.id ?? null) : chosen;
  const ends = useEnds(trigger === null ? null : execution);
  const [wrong, setWrong] = useState(false);
  const own = useMemo(() => (chosen === OWN ? read(choice.own) : undefined), [chosen, choice.own]);
  const runs = useRunsOf(execution, task);
  const run = choice.run?.execution === execution && runs.some(({ id }) => id === choice.run?.id) ? choice.run.id : null;
  const sample = useMemo((): Sample => ({ execution, run, came, input: ends?.input, output: ends?.output, own }), [execution, run, came, ends, own]);
  const option = ({ status, created_at }: (typeof executions)[number]) => `${word(status)} · ${format.time(created_at)}`;
  const cameOption = ({ arrival }: Came) => sayCheck("came", { ago: format.ago(arrival.at, Math.max(now, arrival.at)), outcome: sayCheck(arrival.outcome) });
  const [first, ...others] = executions;
  const [newest, ...older] = arrived;
  const last =
    found === null ? "…"
    : newest ? cameOption(newest)
    : trigger === null ? (first ? say("lastExecution", { when: option(first) }) : say("noExecution"))
    : first ? sayCheck("rebuiltLast", { when: option(first) })
    : sayCheck("cameNothing");
  const data = [
    { value: LAST, label: last },
    ...older.map((each) => ({ value: each.sort, label: cameOption(each) })),
    ...(newest ? executions : others).map((each) => ({ value: each.id, label: trigger === null ? option(each) : sayCheck("rebuilt", { when: option(each) }) })),
    { value: OWN, label: say("ownData") },
  ];
  return (
    <SampleContext value={sample}>
      {children}
      <div className="sample">
        <div className="sample__choices">
          <Text size="xs" c="dimmed" id="sample-label" style={{ whiteSpace: "nowrap" }}>
            {say("tryOn")}
          </Text>
          <Select
            size="xs"
            aria-labelledby="sample-label"
            allowDeselect={false}
            data={data}
            value={chosen}
            onChange={(next) => onChoose({ ...choice, chosen: next ?? LAST })}
          />
          {execution !== null && <RunPicker runs={runs} chosen={run} onChoose={(id) => onChoose({ ...choice, run: id === null ? null : { execution, id } })} />}
        </div>
        {came && <CameNote arrival={came.arrival} />}
        {chosen === OWN && (
          <div className="form-yaml" style={{ height: 120, marginTop: 6 }}>
            <Code
              text={choice.own}
              language="json"
              label={say("ownData")}
              onChange={(text) => {
                setWrong(read(text) === undefined);
                onChoose({ ...choice, own: text });
              }}
            />
          </div>
        )}
        {chosen === OWN && wrong && (
          <Text size="xs" c="red" role="alert">
            {say("ownDataWrong")}
          </Text>
        )}
      </div>
    </SampleContext>
  );
}

/** Why what came started nothing, and what of it is not shown. */
function CameNote({ arrival: { outcome, detail, hidden = [] } }: { arrival: Came["arrival"] }): ReactNode {
  const say = useText(check);
  return (
    <>
      {detail && outcome !== "duplicate" && (
        <Text size="xs" c="red" mt={4} style={{ overflowWrap: "anywhere" }}>
          {detail}
        </Text>
      )}
      {hidden.length > 0 && (
        <Text size="xs" c="dimmed" mt={4} style={{ overflowWrap: "anywhere" }}>
          {say("hidden", { names: hidden.join(", ") })}
        </Text>
      )}
    </>
  );
}

function read(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
