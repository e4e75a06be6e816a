/** The versions of a flow: who, when, why; two of them compared; an earlier one restored or run. */
import { Badge, Button, Group, Radio, Stack, Table, Text } from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { useMay } from "../../../client/session";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Action } from "../../../parts/act/Action";
import { Ago } from "../../../parts/Ago";
import { ActionsHead } from "../../../parts/act/ActionsHead";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Page } from "../../../parts/Page";
import { Wide } from "../../../parts/Wide";
import { flowPath } from "../address";
import type { LoadedFlow } from "../data";
import { Run } from "../Run";
import { loadDefinition, restore, useVersions, type VersionSummary } from "./data";
import { Difference, label } from "./Difference";
import { versions } from "./messages";

export default function Versions({ loaded: { flow, layout } }: { loaded: LoadedFlow }): ReactNode {
  const say = useText(versions);
  const { name } = flow;
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useVersions(name);
  const [params, setParams] = useSearchParams();
  const all = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const newest = all[0]?.generation ?? flow.generation;
  const at = (key: string, otherwise: number) => Number(/^\d+$/.exec(params.get(key) ?? "")?.[0] ?? otherwise);
  const to = at("to", newest);
  const from = at("from", Math.max(1, to - 1));
  const choose = (key: "from" | "to", generation: number) => {
    setParams({ from: String(from), to: String(to), [key]: String(generation) }, { replace: true });
  };
  const back = (
    <Button component={Link} href={flowPath(name)} size="xs" variant="default">
      {say("edit")}
    </Button>
  );
  return (
    <Page title={say("title", { name })} actions={back}>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <Stack>
          <Wide minWidth={640} maxHeight={320}>
            <Table verticalSpacing={4} stickyHeader>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={56}>{say("fromColumn")}</Table.Th>
                  <Table.Th w={56}>{say("toColumn")}</Table.Th>
                  <Table.Th>{say("version")}</Table.Th>
                  <Table.Th>{say("when")}</Table.Th>
                  <Table.Th>{say("who")}</Table.Th>
                  <Table.Th>{say("message")}</Table.Th>
                  <ActionsHead />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {all.map((version) => (
                  <Row key={version.generation} name={name} version={version} current={newest} from={from} to={to} onChoose={choose} />
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
          {hasNextPage && (
            <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {say("more")}
            </Button>
          )}
          {newest > 1 ? <Difference name={name} from={from} to={to} layout={layout} /> : <Text c="dimmed">{say("only")}</Text>}
        </Stack>
      )}
    </Page>
  );
}

interface RowProps {
  readonly name: string;
  readonly version: VersionSummary;
  readonly current: number;
  readonly from: number;
  readonly to: number;
  readonly onChoose: (key: "from" | "to", generation: number) => void;
}

function Row({ name, version, current, from, to, onChoose }: RowProps): ReactNode {
  const say = useText(versions);
  const namespace = useNamespace();
  const mayEdit = useMay("editor", namespace);
  const mayRun = useMay("operator", namespace);
  const title = label(say, version);
  const isCurrent = version.generation === current;
  const message = say("restored", { version: title });
  return (
    <Table.Tr>
      <Table.Td>
        <Radio name="from" size="xs" checked={version.generation === from} onChange={() => onChoose("from", version.generation)} aria-label={say("from", { version: title })} />
      </Table.Td>
      <Table.Td>
        <Radio name="to" size="xs" checked={version.generation === to} onChange={() => onChoose("to", version.generation)} aria-label={say("to", { version: title })} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" fw={600}>
            {title}
          </Text>
          {isCurrent && (
            <Badge size="sm" variant="light" tt="none">
              {say("current")}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        <Ago at={version.applied_at} />
      </Table.Td>
      <Table.Td>{version.applied_by}</Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{version.message || <Text span size="sm" c="dimmed">{say("noMessage")}</Text>}</Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap" justify="flex-end">
          {mayRun && <Run name={name} version={{ name: version.version, definition: (signal) => loadDefinition(namespace, name, version.generation, signal) }} label={say("runThis", { version: title })} />}
          {mayEdit && !isCurrent && (
            <Action
              label={say("restoreThis", { version: title })}
              icon="again"
              small
              act={() => restore(namespace, name, version.generation, message)}
              refresh={[["versions", namespace, name], ["flow", namespace, name], ["flows", namespace]]}
              question={{ text: say("restoreQuestion", { version: title }), confirm: say("restore") }}
            />
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
