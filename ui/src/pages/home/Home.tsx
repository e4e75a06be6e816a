/** What needs attention: what failed, and what is under way. */
import { Card, SimpleGrid, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { Page } from "../../parts/Page";
import { ExecutionTable } from "../executions/ExecutionTable";
import { home } from "./messages";

export default function Home(): ReactNode {
  const say = useText(home);
  return (
    <Page title={say("title")}>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Card withBorder component="section">
          <Title order={2} size="h4" mb="sm">
            {say("failed")}
          </Title>
          <ExecutionTable filter={{ status: ["faulted"], limit: 10 }} empty={<Text c="dimmed">{say("noneFailed")}</Text>} />
        </Card>
        <Card withBorder component="section">
          <Title order={2} size="h4" mb="sm">
            {say("open")}
          </Title>
          <ExecutionTable filter={{ status: ["running", "waiting", "suspended", "pending"], limit: 10 }} empty={<Text c="dimmed">{say("noneOpen")}</Text>} />
        </Card>
      </SimpleGrid>
    </Page>
  );
}
