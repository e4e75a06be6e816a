/** One decision: what it is about, the form, what became of it, and links to it. */
import { Alert, Anchor, Breadcrumbs, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { answer, api, ApiProblem, type Schemas } from "../../client/api";
import { useMay } from "../../client/session";
import { useFormat, useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Ago } from "../../parts/Ago";
import { Empty, Go } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { placeOf as executionPlace } from "../executions/data";
import { Ask } from "./Ask";
import { Due } from "./DecisionList";
import { useDecision, type Detail } from "./data";
import { Facts } from "./Facts";
import { Links } from "./Links";
import { inbox } from "./messages";
import { choiceTitle, whoMay } from "./words";

export function OneDecision({ execution, run }: { execution: string; run: number }): ReactNode {
  const say = useText(inbox);
  const { data, error, isPending, refetch } = useDecision(execution, run);
  return (
    <>
      <Breadcrumbs mb="xs">
        <Anchor component={Link} href="/inbox" size="sm">
          {say("back")}
        </Anchor>
        {(data !== undefined || isPending) && (
          <Text size="sm" c="dimmed">
            {data?.flow ?? "…"}
          </Text>
        )}
      </Breadcrumbs>
      {data ? <Shown of={data} /> : isPending ? <Loading /> : <Absent error={error} onRetry={() => void refetch()} />}
    </>
  );
}

function Absent({ error, onRetry }: { error: unknown; onRetry: () => void }): ReactNode {
  const say = useText(inbox);
  if (!(error instanceof ApiProblem) || error.status !== 404) {
    return (
      <Page title={say("decision")}>
        <Failure error={error} onRetry={onRetry} />
      </Page>
    );
  }
  return (
    <Empty page icon="search" title={say("unknown")} action={<Go to="/inbox">{say("toList")}</Go>}>
      {say("unknownHint")}
    </Empty>
  );
}

function Shown({ of }: { of: Detail }): ReactNode {
  const say = useText(inbox);
  const namespace = useNamespace();
  const queries = useQueryClient();
  const mayLink = useMay("operator", namespace) && of.may_answer;
  const path = { namespace, execution_id: of.execution_id, run_id: of.run_id };
  const decide = async (given: Schemas["Answer"]) => {
    try {
      const decided = await answer(api.POST("/api/v1/namespaces/{namespace}/decisions/{execution_id}/{run_id}/answer", { params: { path }, body: given }));
      queries.setQueryData(["decisions", namespace, "one", of.execution_id, of.run_id], decided);
    } finally {
      await queries.invalidateQueries({ queryKey: ["decisions", namespace] });
    }
  };
  return (
    <Page title={of.title}>
      <Group gap="lg" wrap="wrap">
        <Fact name={say("asked")}>
          <Ago at={of.asked_at} />
        </Fact>
        {of.status === "open" && of.due_at !== null && (
          <Fact name={say("due")}>
            <Due of={of} />
          </Fact>
        )}
        <Fact name={say("whoMay")}>{whoMay(of, say)}</Fact>
        <Fact name={say("execution")}>
          <Anchor component={Link} href={executionPlace(of.execution_id)} size="sm" ff="monospace">
            {of.execution_id}
          </Anchor>
        </Fact>
      </Group>
      <div role="status">
        <Outcome of={of} />
      </div>
      {of.status === "open" && !of.may_answer && (
        <Alert variant="light" color="gray" icon={<Icon name="user" />}>
          {say("notYours", { who: whoMay(of, say) })}
        </Alert>
      )}
      <Ask asked={of.asked} mayAnswer={of.may_answer} place={`${of.execution_id}/${of.run_id}`} decide={decide} />
      {of.status === "decided" && hasMembers(of.answer) && (
        <Card withBorder component="section" aria-label={say("filledIn")} padding="md" maw={860}>
          <Title order={2} size="h5" mb="xs">
            {say("filledIn")}
          </Title>
          <Facts data={of.answer} />
        </Card>
      )}
      {mayLink && <Links of={of} />}
    </Page>
  );
}

function Outcome({ of }: { of: Detail }): ReactNode {
  const say = useText(inbox);
  const format = useFormat();
  if (of.status === "open") return null;
  const chosen = of.asked.choices.find(({ name }) => name === of.choice);
  const choice = chosen ? choiceTitle(chosen, say) : (of.choice ?? "–");
  const when = of.ended_at === null ? "" : ` ${format.time(of.ended_at)}`;
  if (of.status === "decided") {
    return (
      <Alert color="green" variant="light" icon={<Icon name="check" />} title={say("decidedTitle", { choice })}>
        {of.decided_by !== null && say("decidedBy", { name: of.decided_by })}
        {when}
      </Alert>
    );
  }
  const words = of.status === "overtaken" ? (["overtakenTitle", "overtakenText"] as const) : (["endedTitle", "endedText"] as const);
  return (
    <Alert color="orange" variant="light" icon={<Icon name="clock" />} title={say(words[0])}>
      {say(words[1])}
    </Alert>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <Stack gap={0}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="sm" component="div">
        {children}
      </Text>
    </Stack>
  );
}

function hasMembers(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
