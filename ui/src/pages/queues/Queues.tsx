/** The work queues of a namespace with what is in them. */
import { Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer, api } from "../../client/api";
import { useFormat, useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Empty } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { queues } from "./messages";

const REFRESH_MS = 3_000;

export default function Queues(): ReactNode {
  const say = useText(queues);
  return (
    <Page title={say("title")}>
      <List />
    </Page>
  );
}

function List(): ReactNode {
  const say = useText(queues);
  const { number } = useFormat();
  const namespace = useNamespace();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["queues", namespace],
    queryFn: () => answer(api.GET("/api/v1/namespaces/{namespace}/queues", { params: { path: { namespace } } })),
    refetchInterval: REFRESH_MS,
  });
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) {
    return (
      <Empty icon="queue" title={say("emptyTitle")}>
        {say("empty")}
      </Empty>
    );
  }
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("name")}</Table.Th>
            {(["ready", "leased", "delayed", "dead"] as const).map((each) => (
              <Table.Th key={each} ta="right">
                {say(each)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.items.map((queue) => (
            <Table.Tr key={queue.name}>
              <Table.Td>{queue.name}</Table.Td>
              <Table.Td ta="right">{number(queue.ready)}</Table.Td>
              <Table.Td ta="right">{number(queue.leased)}</Table.Td>
              <Table.Td ta="right">{number(queue.delayed)}</Table.Td>
              <Table.Td ta="right">{number(queue.dead)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
