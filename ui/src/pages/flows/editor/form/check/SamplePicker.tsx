/** Chooses the data that expressions are tried on: an execution of the flow, the last one by default, or one's own. */
import { Select, Text } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import type { Json } from "../../../../../graph/json";
import { useFormat, useText } from "../../../../../language/language";
import { Code } from "../../../../../parts/code/CodeView";
import { parts } from "../../../../../parts/messages";
import { useExecutions } from "../../../../executions/data";
import { form } from "../messages";
import { SampleContext, type Sample } from "./context";
import { useInput } from "./data";
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
  /** Only executions of this trigger; what is tried on is their input. */
  readonly trigger: string | null;
  /** The reference of the step that is looked at. */
  readonly task: string | null;
  readonly choice: Choice;
  readonly onChoose: (choice: Choice) => void;
  readonly children: ReactNode;
}

export function SamplePicker({ flow, trigger, task, choice, onChoose, children }: Props): ReactNode {
  const say = useText(form);
  const word = useText(parts);
  const format = useFormat();
  const { data: executions = [] } = useExecutions({ flow, limit: CHOICES_MAX, ...(trigger === null ? {} : { trigger }) });
  const known = choice.chosen === OWN || choice.chosen === LAST || executions.some(({ id }) => id === choice.chosen);
  const chosen = known ? choice.chosen : LAST;
  const execution = chosen === OWN ? null : chosen === LAST ? (executions[0]?.id ?? null) : chosen;
  const input = useInput(trigger === null ? null : execution);
  const [wrong, setWrong] = useState(false);
  const own = useMemo(() => (chosen === OWN ? read(choice.own) : undefined), [chosen, choice.own]);
  const runs = useRunsOf(execution, task);
  const run = choice.run?.execution === execution && runs.some(({ id }) => id === choice.run?.id) ? choice.run.id : null;
  const sample = useMemo((): Sample => ({ execution, run, input, own }), [execution, run, input, own]);
  const first = executions[0];
  const option = ({ status, created_at }: (typeof executions)[number]) => `${word(status)} · ${format.time(created_at)}`;
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
            data={[
              { value: LAST, label: first ? say("lastExecution", { when: option(first) }) : say("noExecution") },
              ...executions.slice(1).map((each) => ({ value: each.id, label: option(each) })),
              { value: OWN, label: say("ownData") },
            ]}
            value={chosen}
            onChange={(next) => onChoose({ ...choice, chosen: next ?? LAST })}
          />
          {execution !== null && <RunPicker runs={runs} chosen={run} onChoose={(id) => onChoose({ ...choice, run: id === null ? null : { execution, id } })} />}
        </div>
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

function read(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
