/** What is asked: the data, the form, and a button for each choice. The inbox and the page of a link share it. */
import { Alert, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { ApiProblem, type Schemas } from "../../client/api";
import { useText } from "../../language/language";
import { Failure } from "../../parts/Failure";
import { Icon, type IconName } from "../../parts/icons";
import { Facts } from "./Facts";
import { answerOfMembers, fieldsOf, missingIn, startOfMembers, type Draft } from "../../parts/form/field";
import { elementOf, Members } from "../../parts/form/Fields";
import { keepDraft, keptDraft } from "./kept";
import { inbox } from "./messages";
import { choiceTitle } from "./words";

type Choice = Schemas["Choice"];

interface Props {
  readonly asked: Schemas["Asked"];
  readonly mayAnswer: boolean;
  /** Which decision it is: by this what is typed is kept. */
  readonly place: string;
  readonly decide: (answer: Schemas["Answer"]) => Promise<unknown>;
}

const ICONS: Record<Choice["tone"], IconName> = { positive: "check", negative: "cross", neutral: "right" };

export function Ask({ asked, mayAnswer, place, decide }: Props): ReactNode {
  const say = useText(inbox);
  const members = useMemo(() => fieldsOf(asked.form), [asked.form]);
  const [draft, setDraft] = useState<{ readonly [name: string]: Draft }>(() => ({ ...startOfMembers(members), ...keptDraft(place) }));
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map());
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState<string | null>(null);

  const write = (changed: { readonly [name: string]: Draft }) => {
    setDraft(changed);
    keepDraft(place, changed);
  };
  const show = (found: ReadonlyMap<string, string>) => {
    flushSync(() => setErrors(found));
    const [first] = found.keys();
    if (first !== undefined) document.getElementById(elementOf(first))?.focus();
  };
  const choose = async (choice: string) => {
    const answer = answerOfMembers(members, draft);
    setFailure(null);
    const missing = missingIn(members, answer);
    show(new Map(missing.map((place) => [place, say("required")])));
    if (missing.length > 0) return;
    setBusy(choice);
    try {
      await decide({ choice, answer: { ...answer } });
      keepDraft(place, null);
    } catch (error) {
      const found = errorsOf(error);
      if (found.size > 0) show(found);
      else setFailure(error);
    } finally {
      setBusy(null);
    }
  };
  // What is wrong where there is no field to show it at.
  const elsewhere = [...errors].filter(([place]) => !document.getElementById(elementOf(place)));
  return (
    <Stack gap="md" maw={860}>
      {asked.description && <Text style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{asked.description}</Text>}
      <Card withBorder component="section" aria-label={say("data")} padding="md">
        <Title order={2} size="h5" mb="xs">
          {say("data")}
        </Title>
        <Facts data={asked.data} />
      </Card>
      {mayAnswer && (
        <form onSubmit={(event) => event.preventDefault()} aria-label={say("yourDecision")} noValidate>
          <Card withBorder padding="md">
            <Stack gap="md">
              <Title order={2} size="h5">
                {say("yourDecision")}
              </Title>
              {members.length > 0 && <Members members={members} draft={draft} place="" errors={errors} onChange={write} />}
              {elsewhere.length > 0 && (
                <Alert color="red" variant="light" role="alert" icon={<Icon name="warning" />}>
                  {elsewhere.map(([place, text]) => (
                    <Text size="sm" key={place}>
                      {place} {text}
                    </Text>
                  ))}
                </Alert>
              )}
              {Boolean(failure) && <Failure error={failure} />}
              <Group gap="sm">
                {asked.choices.map(({ name, title, tone }) => (
                  <Button
                    key={name}
                    type="button"
                    {...(tone === "negative" ? { color: "red" } : {})}
                    variant={tone === "positive" ? "filled" : tone === "negative" ? "outline" : "default"}
                    leftSection={<Icon name={ICONS[tone]} size={16} />}
                    loading={busy === name}
                    disabled={busy !== null && busy !== name}
                    onClick={() => void choose(name)}
                  >
                    {choiceTitle({ name, title }, say)}
                  </Button>
                ))}
              </Group>
              <Text size="xs" c="dimmed">
                {say("onceOnly")}
              </Text>
            </Stack>
          </Card>
        </form>
      )}
    </Stack>
  );
}

/** The problems of an answer, by their places in it. */
function errorsOf(error: unknown): ReadonlyMap<string, string> {
  if (!(error instanceof ApiProblem) || error.status !== 422) return new Map();
  return new Map(
    error.problems.map(({ pointer, detail }) => [String(pointer).replace(/^\/answer/, ""), typeof detail === "string" ? detail : ""] as const),
  );
}
