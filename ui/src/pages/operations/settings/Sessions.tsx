/** Who is logged in, from where; sessions can be ended. */
import { Badge, Group, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer, api } from "../../../client/api";
import { useText } from "../../../language/language";
import { Action } from "../../../parts/act/Action";
import { ActionsHead } from "../../../parts/act/ActionsHead";
import { Ago } from "../../../parts/Ago";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Wide } from "../../../parts/Wide";
import { Until } from "../../queues/Items";
import { Section } from "../Section";
import { settings } from "./messages";

export function Sessions(): ReactNode {
  const say = useText(settings);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["sessions"],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/sessions", { signal }))).items,
  });
  return (
    <Section title={say("sessions")} about={say("sessionsAbout")}>
      {isPending ? (
        <Loading lines={3} />
      ) : !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <Wide minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                {(["who", "from", "began", "seen", "ends"] as const).map((each) => (
                  <Table.Th key={each}>{say(each)}</Table.Th>
                ))}
                <ActionsHead />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((session) => (
                <Table.Tr key={session.id}>
                  <Table.Td>
                    <Group gap="xs">
                      {session.name}
                      {session.current && (
                        <Badge variant="light" color="green" tt="none">
                          {say("current")}
                        </Badge>
                      )}
                    </Group>
                  </Table.Td>
                  <Table.Td>{session.address ?? say("unknown")}</Table.Td>
                  <Table.Td>
                    <Ago at={session.created_at} />
                  </Table.Td>
                  <Table.Td>
                    <Ago at={session.seen_at} />
                  </Table.Td>
                  <Table.Td>
                    <Until at={session.expires_at} over={say("over")} />
                  </Table.Td>
                  <Table.Td ta="right">
                    {!session.current && (
                      <Action
                        small
                        danger
                        label={say("end", { name: session.name, address: session.address ?? say("unknown") })}
                        icon="cross"
                        refresh={[["sessions"]]}
                        act={() => answer(api.DELETE("/api/v1/sessions/{session_id}", { params: { path: { session_id: session.id } } }))}
                      />
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </Section>
  );
}
