/** What the server says of itself, sessions, and the key of the secrets. */
import { Anchor, Card, Group, SimpleGrid, Stack, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer, api } from "../../../client/api";
import { useSession } from "../../../client/session";
import { useFormat, useText } from "../../../language/language";
import { Action } from "../../../parts/act/Action";
import { Said } from "../../../parts/act/Said";
import { useAct } from "../../../parts/act/useAct";
import { Ago } from "../../../parts/Ago";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { RoleNames } from "../access/RoleNames";
import { useMayEverywhere } from "../roles";
import { Section } from "../Section";
import { settings } from "./messages";
import { Sessions } from "./Sessions";

export function Settings(): ReactNode {
  const say = useText(settings);
  const readsAll = useMayEverywhere("viewer");
  const administersAll = useMayEverywhere("admin");
  return (
    <Stack gap="xl">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Server />
        <Card withBorder>
          <Section title={say("links")}>
            <Stack gap={4} align="flex-start">
              {readsAll && (
                <Anchor href="/metrics" target="_blank" rel="noreferrer" size="sm">
                  {say("metrics")}
                </Anchor>
              )}
              <Anchor href="/api/openapi.json" target="_blank" rel="noreferrer" size="sm">
                {say("api")}
              </Anchor>
            </Stack>
          </Section>
        </Card>
      </SimpleGrid>
      <Sessions />
      {administersAll && <SecretKey />}
    </Stack>
  );
}

function Server(): ReactNode {
  const say = useText(settings);
  const { time } = useFormat();
  const me = useSession((state) => state.me);
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["version"], queryFn: ({ signal }) => answer(api.GET("/api/v1/version", { signal })) });
  const methods = useQuery({ queryKey: ["methods"], queryFn: ({ signal }) => answer(api.GET("/api/v1/session/methods", { signal })) });
  const ways = methods.data && [say("token"), say("password"), methods.data.oidc?.title];
  return (
    <Card withBorder>
      <Section title={say("server")}>
        {isPending ? (
          <Loading lines={5} />
        ) : !data ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Table variant="vertical" layout="fixed">
            <Table.Tbody>
              <Fact name={say("version")}>{data.headrace}</Fact>
              <Fact name={say("python")}>{data.python}</Fact>
              <Fact name={say("sqlite")}>{data.sqlite}</Fact>
              <Fact name={say("started")}>
                <Ago at={data.started_at} />
              </Fact>
              <Fact name={say("clock")}>{time(data.now)}</Fact>
              <Fact name={say("logIn")}>{ways ? ways.filter(Boolean).join(", ") : "–"}</Fact>
              <Fact name={say("you")}>
                <Group gap="xs">
                  {me?.name} {me && <RoleNames roles={me.roles} />}
                </Group>
              </Fact>
            </Table.Tbody>
          </Table>
        )}
      </Section>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <Table.Tr>
      <Table.Th w={{ base: 96, sm: 140 }}>{name}</Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}

function SecretKey(): ReactNode {
  const say = useText(settings);
  const rotate = useAct({
    act: () => answer(api.POST("/api/v1/secret-key/rotate")),
    says: ({ secrets }) => say("rotated", { count: secrets }),
  });
  return (
    <Section
      title={say("key")}
      about={say("keyAbout")}
      actions={<Action label={say("rotate")} icon="key" refresh={[]} act={() => rotate.run(undefined)} question={{ text: say("rotateAsk"), confirm: say("rotateYes") }} />}
    >
      <Said of={rotate} />
    </Section>
  );
}
