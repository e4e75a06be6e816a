/** Links by which somebody without an account decides: made, listed, taken back. */
import { Alert, Badge, Card, Code, Group, NumberInput, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { answer, api, type Schemas } from "../../client/api";
import { useFormat, useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Action } from "../../parts/act/Action";
import { Copy } from "../../parts/act/Copy";
import { FormDialog } from "../../parts/act/FormDialog";
import { useAct } from "../../parts/act/useAct";
import { useNow } from "../../parts/Ago";
import { Wide } from "../../parts/Wide";
import { Icon } from "../../parts/icons";
import type { Detail } from "./data";
import { inbox } from "./messages";

const DAY_SECONDS = 86_400;
const DAYS = 7;
const DAYS_MAX = 90;

export function Links({ of }: { of: Detail }): ReactNode {
  const say = useText(inbox);
  const namespace = useNamespace();
  const path = { namespace, execution_id: of.execution_id, run_id: of.run_id };
  const key = ["decisions", namespace, "links", of.execution_id, of.run_id] as const;
  const [label, setLabel] = useState("");
  const [days, setDays] = useState<string | number>(DAYS);
  const [made, setMade] = useState<Schemas["MadeLink"] | null>(null);
  const { data } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => answer(api.GET("/api/v1/namespaces/{namespace}/decisions/{execution_id}/{run_id}/links", { params: { path }, signal })),
  });
  const make = useAct({
    act: async () => {
      const body = { label: label.trim(), expires_in_seconds: Number(days) * DAY_SECONDS };
      setMade(await answer(api.POST("/api/v1/namespaces/{namespace}/decisions/{execution_id}/{run_id}/links", { params: { path }, body })));
    },
    refresh: [key],
  });
  const begin = () => {
    setLabel("");
    setDays(DAYS);
  };
  return (
    <Card withBorder component="section" aria-label={say("links")} padding="md" maw={860}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h5">
            {say("link")}
          </Title>
          <FormDialog label={say("makeLink")} icon="key" submit={say("makeLink")} act={make} onOpen={begin} ready={label.trim() !== "" && Number(days) >= 1}>
            <Text size="sm">{say("linkHelp")}</Text>
            <TextInput label={say("linkFor")} required value={label} maxLength={200} onChange={(event) => setLabel(event.currentTarget.value)} data-autofocus />
            <NumberInput label={say("linkDays")} required min={1} max={DAYS_MAX} allowDecimal={false} value={days} onChange={setDays} />
          </FormDialog>
        </Group>
        <Text size="sm" c="dimmed">
          {say("linkHelp")}
        </Text>
        <div role="status">
          {made && (
            <Alert color="cyan" variant="light" icon={<Icon name="key" />} title={say("linkMade", { label: made.label })}>
              <Group gap="xs" wrap="nowrap">
                <Code style={{ overflowWrap: "anywhere" }}>{made.url}</Code>
                <Copy text={made.url} label={say("copyLink")} />
              </Group>
            </Alert>
          )}
        </div>
        {data && data.items.length > 0 && (
          <Wide minWidth={420}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{say("linkFor")}</Table.Th>
                  <Table.Th>{say("linkUntil")}</Table.Th>
                  <Table.Th>{say("state")}</Table.Th>
                  <Table.Td />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.items.map((each) => (
                  <Row key={each.id} of={each} revoke={() => answer(api.DELETE("/api/v1/namespaces/{namespace}/decisions/{execution_id}/{run_id}/links/{link_id}", { params: { path: { ...path, link_id: each.id } } }))} refresh={key} />
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        )}
      </Stack>
    </Card>
  );
}

interface RowProps {
  readonly of: Schemas["DecisionLink"];
  readonly revoke: () => Promise<unknown>;
  readonly refresh: readonly unknown[];
}

function Row({ of, revoke, refresh }: RowProps): ReactNode {
  const say = useText(inbox);
  const format = useFormat();
  const now = useNow();
  const state = of.used_at !== null ? "linkUsed" : of.revoked_at !== null ? "linkRevoked" : of.expires_at <= now ? "linkExpired" : "linkOpen";
  return (
    <Table.Tr>
      <Table.Td>{of.label}</Table.Td>
      <Table.Td>{format.time(of.expires_at)}</Table.Td>
      <Table.Td>
        <Badge variant="light" tt="none" color={state === "linkOpen" ? "green" : "gray"}>
          {say(state)}
        </Badge>
      </Table.Td>
      <Table.Td>
        {state === "linkOpen" && (
          <Action
            label={say("revoke")}
            icon="trash"
            small
            danger
            act={revoke}
            refresh={[refresh]}
            question={{ text: say("revokeQuestion", { label: of.label }), confirm: say("revoke") }}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}
