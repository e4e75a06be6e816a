/** Why it has not ended, or where it failed, with a way there. */
import { Alert, Anchor, List, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { property } from "../../../graph/json";
import { useFormat, useText } from "../../../language/language";
import { Icon } from "../../../parts/icons";
import { placeOf } from "../data";
import type { ExecutionDetail } from "./data";
import { one, why } from "./messages";
import { tellingRun, type Runs } from "./runs";
import { useTick } from "./tick";
import { briefError, whoWaits, whyWords, type Waiting } from "./why";

interface Props {
  readonly execution: ExecutionDetail;
  readonly runs: Runs;
  readonly onRun: (run: number) => void;
}

/** More of them say no more. */
const SHOWN_MAX = 5;

export function Why({ execution, runs, onRun }: Props): ReactNode {
  if (execution.status === "faulted") return <Fault execution={execution} runs={runs} onRun={onRun} />;
  return execution.why.length > 0 ? <Waits execution={execution} onRun={onRun} /> : null;
}

function Waits({ execution, onRun }: Omit<Props, "runs">): ReactNode {
  const say = useText(why);
  const format = useFormat();
  const now = useTick(true);
  const shown = execution.why.slice(0, SHOWN_MAX);
  return (
    <Alert variant="light" color={execution.status === "suspended" ? "orange" : "blue"} icon={<Icon name="clock" />} title={say("title")} py="xs">
      <List size="sm" listStyleType="none">
        {shown.map(({ waiting }) => {
          const who = whoWaits(waiting, say);
          return (
            <List.Item key={`${waiting.run_id} ${waiting.reason}`}>
              {who && (
                <>
                  <Anchor component="button" type="button" size="sm" fw={600} onClick={() => onRun(waiting.run_id)}>
                    {who}
                  </Anchor>{" "}
                </>
              )}
              {whyWords(waiting, now, say, format)}
              <Elsewhere waiting={waiting} />
            </List.Item>
          );
        })}
        {execution.why.length > SHOWN_MAX && <List.Item>… {format.number(execution.why.length - SHOWN_MAX)}</List.Item>}
      </List>
    </Alert>
  );
}

/** The way to what it waits for: the execution that it started, or the queue that has its item. */
function Elsewhere({ waiting }: { waiting: Waiting }): ReactNode {
  const queue = property(waiting.item, "queue");
  const [to, name] =
    waiting.child_id != null ? [placeOf(waiting.child_id), waiting.child_id] : typeof queue === "string" ? [`/queues/${encodeURIComponent(queue)}`, queue] : [null, ""];
  if (to === null) return null;
  return (
    <>
      {" "}
      <Anchor component={Link} href={to} size="sm" aria-label={name} title={name}>
        →
      </Anchor>
    </>
  );
}

function Fault({ execution, runs, onRun }: Props): ReactNode {
  const say = useText(one);
  const instance = property(execution.error, "instance");
  const failed = runs.all.filter((run) => run.status === "faulted" && run.run_id !== 0);
  // The innermost one that failed: what is around it failed with it.
  const at = failed.find((run) => run.task === instance) ?? tellingRun(failed.filter((run) => !failed.some((other) => other.parent_id === run.run_id)));
  return (
    <Alert variant="light" color="red" icon={<Icon name="cross" />} title={at ? say("failedAt", { task: at.name }) : say("failed")} py="xs">
      <Text size="sm">{briefError(execution.error)}</Text>
      {at && (
        <Anchor component="button" type="button" size="sm" onClick={() => onRun(at.run_id)}>
          {say("showRun")}
        </Anchor>
      )}
    </Alert>
  );
}
