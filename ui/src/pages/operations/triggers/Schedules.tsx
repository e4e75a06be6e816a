/** What fires next by the clock. */
import { Anchor, Table } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText } from "../../../language/language";
import { Empty, Go } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Wide } from "../../../parts/Wide";
import { Until } from "../../queues/Items";
import { operations } from "../messages";
import { Section } from "../Section";
import { triggerPath, useSchedules } from "./data";
import { triggers } from "./messages";

export function Schedules(): ReactNode {
  const say = useText(triggers);
  const sayAll = useText(operations);
  const { time } = useFormat();
  const { data, error, isPending, refetch } = useSchedules();
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) {
    return (
      <Empty icon="clock" title={say("noSchedulesTitle")} action={<Go to="/flows/new">{sayAll("newFlow")}</Go>} takes="editor">
        {say("noSchedules")}
      </Empty>
    );
  }
  return (
    <Section about={say("schedules")}>
      <Wide minWidth={560}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th colSpan={2}>{say("at")}</Table.Th>
              <Table.Th>{say("name")}</Table.Th>
              <Table.Th>{say("flow")}</Table.Th>
              <Table.Th>{say("kind")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.map((planned) => (
              <Table.Tr key={`${planned.flow}/${planned.trigger}`}>
                <Table.Td>{time(planned.at)}</Table.Td>
                <Table.Td>
                  <Until at={planned.at} />
                </Table.Td>
                <Table.Td>
                  <Anchor component={Link} href={triggerPath(planned.flow, planned.trigger)} size="sm" fw={600}>
                    {planned.trigger}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <Anchor component={Link} href={`/flows/${encodeURIComponent(planned.flow)}`} size="sm">
                    {planned.flow}
                  </Anchor>
                </Table.Td>
                <Table.Td>{planned.kind}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </Section>
  );
}
