/** What runs: the functions of a namespace. */
import { Table, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer, api } from "../../client/api";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Empty } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { operations } from "./messages";

export default function Operations(): ReactNode {
  const say = useText(operations);
  return (
    <Page title={say("title")}>
      <Title order={2} size="h4">
        {say("functions")}
      </Title>
      <Functions />
    </Page>
  );
}

function Functions(): ReactNode {
  const say = useText(operations);
  const namespace = useNamespace();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["functions", namespace],
    queryFn: () => answer(api.GET("/api/v1/namespaces/{namespace}/functions", { params: { path: { namespace } } })),
  });
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) {
    return (
      <Empty icon="function" title={say("emptyTitle")}>
        {say("empty")}
      </Empty>
    );
  }
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{say("name")}</Table.Th>
          <Table.Th>{say("flow")}</Table.Th>
          <Table.Th>{say("state")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {data.items.map((each) => (
          <Table.Tr key={`${each.flow}/${each.name}`}>
            <Table.Td>{each.name}</Table.Td>
            <Table.Td>{each.flow}</Table.Td>
            <Table.Td>{each.state}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
