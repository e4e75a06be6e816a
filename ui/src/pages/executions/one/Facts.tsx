/** How an execution stands, in one line: status, version, trigger, who started it, times, where it comes from. */
import { Anchor, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText } from "../../../language/language";
import { Ago } from "../../../parts/Ago";
import { Status } from "../../../parts/Status";
import { placeOf } from "../data";
import { shortId } from "../ExecutionTable";
import { secondsOf } from "../list/pages";
import type { ExecutionDetail } from "./data";
import { one } from "./messages";
import { Copy } from "./Payload";
import { useTick } from "./tick";

export function Facts({ execution }: { execution: ExecutionDetail }): ReactNode {
  const say = useText(one);
  const format = useFormat();
  const now = useTick(execution.ended_at === null);
  return (
    <Group component="dl" gap="lg" m={0} className="facts">
      <Fact name={say("status")}>
        <Status status={execution.status} />
      </Fact>
      <Fact name={say("execution")}>
        <Group component="span" gap={2} wrap="nowrap" display="inline-flex">
          <Text span ff="monospace" size="xs">
            {execution.id}
          </Text>
          <Copy text={execution.id} />
        </Group>
      </Fact>
      <Fact name={say("version")}>
        <Anchor component={Link} href={`/flows/${encodeURIComponent(execution.flow)}`} size="sm">
          {execution.version}
        </Anchor>
      </Fact>
      <Fact name={say("trigger")}>{execution.trigger ?? say("byHand")}</Fact>
      {execution.started_by !== null && (
        <Fact name={say("startedBy")}>
          <Text span size="sm" truncate maw={220} title={execution.started_by} display="inline-block" style={{ verticalAlign: "bottom" }}>
            {execution.started_by_name}
          </Text>
        </Fact>
      )}
      <Fact name={execution.started_at === null ? say("created") : say("started")}>
        <Ago at={execution.started_at ?? execution.created_at} />
      </Fact>
      {execution.ended_at !== null && (
        <Fact name={say("ended")}>
          <Ago at={execution.ended_at} />
        </Fact>
      )}
      <Fact name={say("duration")}>{format.duration(secondsOf(execution, now))}</Fact>
      {execution.key !== null && (
        <Fact name={say("key")}>
          <Text span size="sm" truncate maw={220} title={execution.key} display="inline-block" style={{ verticalAlign: "bottom" }}>
            {execution.key}
          </Text>
        </Fact>
      )}
      {execution.parent_id !== null && (
        <Fact name={say("parent")}>
          <Other id={execution.parent_id} run={execution.parent_run_id} />
        </Fact>
      )}
      {execution.rerun_of !== null && (
        <Fact name={say("rerunOf")}>
          <Other id={execution.rerun_of} run={execution.rerun_run_id} />
        </Fact>
      )}
    </Group>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Another execution; where a run of it is meant, that one is selected. */
function Other({ id, run }: { id: string; run: number | null }): ReactNode {
  return (
    <Anchor component={Link} href={placeOf(id) + (run === null ? "" : `?run=${run}`)} size="sm" ff="monospace" title={id}>
      {shortId(id)}
    </Anchor>
  );
}
