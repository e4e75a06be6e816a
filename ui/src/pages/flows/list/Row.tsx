/** One flow in the list. */
import { Anchor, Badge, Group, Table, Text, Tooltip, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../client/api";
import { useFormat, useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Action } from "../../../parts/act/Action";
import { Ago, useNow } from "../../../parts/Ago";
import { Icon } from "../../../parts/icons";
import { flowPath } from "../address";
import { flows } from "../messages";
import { Run } from "../Run";
import { shareOf, TRIGGER_ICONS, type FlowActivity } from "./activity";
import { list } from "./messages";
import { Recent } from "./Recent";

const SHOWN_TRIGGERS = 3;

interface Props {
  readonly flow: FlowActivity;
  readonly mayRun: boolean;
  readonly onTag: (tag: string) => void;
}

export const Row = memo(function Row({ flow, mayRun, onTag }: Props): ReactNode {
  const say = useText(list);
  const sayFlow = useText(flows);
  const namespace = useNamespace();
  const { name } = flow;
  const pause = (word: "pause" | "resume") => () => answer(api.POST(`/api/v1/namespaces/{namespace}/flowapps/{name}/${word}`, { params: { path: { namespace, name } } }));
  const state = !flow.runs ? ({ word: say("broken"), color: "red", icon: "warning" } as const) : flow.paused ? ({ word: sayFlow("paused"), color: "orange", icon: "pause" } as const) : ({ word: sayFlow("active"), color: "green", icon: "run" } as const);
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} href={flowPath(name)} fw={600}>
          {name}
        </Anchor>
        {(flow.title ?? flow.summary) && (
          <Text size="xs" c="dimmed" lineClamp={1} maw={260}>
            {flow.title ?? flow.summary}
          </Text>
        )}
        {Object.keys(flow.tags).length > 0 && (
          <Group gap={4} mt={2}>
            {Object.entries(flow.tags).map(([key, value]) => (
              <UnstyledButton key={key} onClick={() => onTag(`${key}=${value}`)} aria-label={say("filterBy", { tag: `${key}=${value}` })}>
                <Badge size="sm" variant="default" tt="none" style={{ cursor: "pointer" }}>
                  {key}={value}
                </Badge>
              </UnstyledButton>
            ))}
          </Group>
        )}
      </Table.Td>
      <Table.Td>
        <Badge variant="light" tt="none" color={state.color} leftSection={<Icon name={state.icon} size={12} />}>
          {state.word}
        </Badge>
        <Text size="xs" c="dimmed" mt={2}>
          {flow.version}
        </Text>
      </Table.Td>
      <Table.Td>
        <Triggers triggers={flow.triggers} />
      </Table.Td>
      <Table.Td>
        <Recent name={name} recent={flow.recent} />
      </Table.Td>
      <Table.Td>
        <Rate flow={flow} />
      </Table.Td>
      <Table.Td>
        <Text size="sm">
          <Ago at={flow.updated_at} />
        </Text>
        <Text size="xs" c="dimmed">
          {sayFlow("by", { who: flow.updated_by })}
        </Text>
      </Table.Td>
      <Table.Td>
        {mayRun && (
          <Group gap={2} wrap="nowrap" justify="flex-end">
            <Run name={name} label={say("run", { name })} />
            <Action
              small
              label={say(flow.paused ? "resume" : "pause", { name })}
              icon={flow.paused ? "again" : "pause"}
              act={pause(flow.paused ? "resume" : "pause")}
              refresh={[["flows", namespace]]}
              {...(flow.paused ? {} : { question: { text: say("pauseQuestion"), confirm: say("pauseIt") } })}
            />
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
});

function Triggers({ triggers }: { triggers: FlowActivity["triggers"] }): ReactNode {
  const say = useText(list);
  if (triggers.length === 0) return <Text size="sm" c="dimmed">{say("byHand")}</Text>;
  const words = (each: FlowActivity["triggers"][number]) => `${each.name}: ${each.kind} ${each.what ?? ""}${each.paused ? ` (${say("pausedTrigger")})` : ""}`;
  return (
    <div className="flow-triggers">
      {triggers.slice(0, SHOWN_TRIGGERS).map((each) => (
        <Tooltip key={each.name} label={words(each)}>
          <div className="flow-triggers__one">
            <Icon name={each.paused ? "pause" : (TRIGGER_ICONS[each.kind] ?? "run")} size={14} />
            <VisuallyHidden>{`${each.kind}${each.paused ? `, ${say("pausedTrigger")}` : ""}: `}</VisuallyHidden>
            <span>{each.what ?? each.name}</span>
          </div>
        </Tooltip>
      ))}
      {triggers.length > SHOWN_TRIGGERS && (
        <Text size="xs" c="dimmed">
          {say("moreTriggers", { count: triggers.length - SHOWN_TRIGGERS })}
        </Text>
      )}
    </div>
  );
}

function Rate({ flow }: { flow: FlowActivity }): ReactNode {
  const say = useText(list);
  const format = useFormat();
  const { total, perHour, failed } = shareOf(flow, useNow());
  if (total === 0) return <Text size="sm" c="dimmed">{say("noneToday")}</Text>;
  const rate = perHour >= 10 ? Math.round(perHour) : Math.round(perHour * 10) / 10;
  return (
    <>
      <Text size="sm">{perHour < 1 ? say("inAll", { count: total }) : say("perHour", { rate })}</Text>
      {failed !== null && (
        <Text size="xs" c={failed > 0 ? "var(--mantine-color-error)" : "dimmed"} fw={failed > 0 ? 600 : 400}>
          {failed > 0 ? say("failedShare", { share: format.percent(failed) }) : say("noneFailed")}
        </Text>
      )}
    </>
  );
}
