/** A few executions in rows, for other pages. */
import { Anchor, Table } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText } from "../../language/language";
import { Ago, useNow } from "../../parts/Ago";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { Status } from "../../parts/Status";
import { Wide } from "../../parts/Wide";
import { placeOf, useExecutions, type ExecutionFilter } from "./data";
import { secondsOf } from "./list/pages";
import { executions } from "./messages";

export function ExecutionTable({ filter, empty }: { filter: ExecutionFilter; empty: ReactNode }): ReactNode {
  const say = useText(executions);
  const format = useFormat();
  const now = useNow();
  const { data, error, isPending, refetch } = useExecutions(filter);
  if (isPending) return <Loading lines={4} />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) return empty;
  return (
    <Wide minWidth={520}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("id")}</Table.Th>
            <Table.Th>{say("flow")}</Table.Th>
            <Table.Th>{say("status")}</Table.Th>
            <Table.Th>{say("started")}</Table.Th>
            <Table.Th>{say("duration")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td>
                <Anchor component={Link} href={placeOf(each.id)} size="sm" ff="monospace" title={each.id}>
                  {shortId(each.id)}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <Anchor component={Link} href={`/flows/${encodeURIComponent(each.flow)}`} size="sm">
                  {each.flow}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <Status status={each.status} />
              </Table.Td>
              <Table.Td>
                <Ago at={each.started_at ?? each.created_at} />
              </Table.Td>
              <Table.Td>{format.duration(secondsOf(each, now))}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

const SHORT = 10;

/** The end of an id: what differs between two that began at the same time. */
export function shortId(id: string): string {
  return id.length > SHORT + 2 ? `…${id.slice(-SHORT)}` : id;
}
