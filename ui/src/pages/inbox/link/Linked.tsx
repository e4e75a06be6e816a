/** The page that a link opens: one decision, for somebody without an account. Nothing of the dashboard is around it. */
import { Card, Center, Container, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { answer, api, ApiProblem, type Schemas } from "../../../client/api";
import type { Language } from "../../../language/catalog";
import { LANGUAGES, useFormat, useLanguage, useText } from "../../../language/language";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import { Loading } from "../../../parts/Loading";
import { Ask } from "../Ask";
import { inbox } from "../messages";
import { choiceOfName, choiceTitle } from "../words";

type Decision = Schemas["LinkedDecision"];

/** What a link says comes behind the `#`: it is sent to no server unless we send it. */
function tokenOfAddress(): string {
  return window.location.hash.slice(1);
}

export default function Linked(): ReactNode {
  const say = useText(inbox);
  const { language, speak } = useLanguage();
  const [token, setToken] = useState(tokenOfAddress);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.title = `${say("linkTitle")} · Headrace`;
  }, [language, say]);
  useEffect(() => {
    // Another link in the same window is another decision.
    const changed = () => setToken(tokenOfAddress());
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return (
    <Container component="main" size="sm" py="xl">
      <Stack gap="md">
        <Group justify="space-between">
          <Group gap="sm">
            <img src="/icon.svg" alt="" width={26} height={26} />
            <Text fw={700}>Headrace</Text>
          </Group>
          <SegmentedControl
            size="xs"
            aria-label={say("language")}
            value={language}
            onChange={(code) => speak(code as Language)}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          />
        </Group>
        <Opened key={token} token={token} />
      </Stack>
    </Container>
  );
}

function Opened({ token }: { token: string }): ReactNode {
  const [decision, setDecision] = useState<Decision | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [asked, setAsked] = useState(0);
  const say = useText(inbox);
  // What was chosen here, in words.
  const [own, setOwn] = useState<string | null>(null);
  const headers = { "Headrace-Link": token };
  useEffect(() => {
    if (token === "") return;
    let current = true;
    answer(api.GET("/api/v1/decision", { params: { header: { "Headrace-Link": token } } })).then(
      (found) => current && setDecision(found),
      (error: unknown) => current && setFailure(error),
    );
    return () => {
      current = false;
    };
  }, [token, asked]);
  const again = () => {
    setFailure(null);
    setAsked(asked + 1);
  };
  const decide = async (given: Schemas["Answer"]) => {
    const chosen = decision?.asked?.choices.find(({ name }) => name === given.choice);
    try {
      setDecision(await answer(api.POST("/api/v1/decision", { params: { header: headers }, body: given })));
      setOwn(chosen ? choiceTitle(chosen, say) : given.choice);
    } catch (error) {
      // Somebody else was first, or the time is over: what is shown is not to be decided any more.
      if (error instanceof ApiProblem && (error.status === 409 || error.status === 404)) {
        setDecision(null);
        await answer(api.GET("/api/v1/decision", { params: { header: headers } })).then(setDecision, setFailure);
      } else throw error;
    }
  };
  if (token === "" || failure) return <NoGood error={failure} onRetry={again} />;
  if (!decision) return <Loading />;
  return decision.asked ? <Open of={decision} asked={decision.asked} place={placeOf(token)} decide={decide} /> : <Over of={decision} own={own} />;
}

interface OpenProps {
  readonly of: Decision;
  readonly asked: Schemas["Asked"];
  readonly place: string;
  readonly decide: (given: Schemas["Answer"]) => Promise<void>;
}

/** What is kept is kept by a link's id, which opens nothing. */
function placeOf(token: string): string {
  return token.split(".", 1)[0] ?? "";
}

function Open({ of, asked, place, decide }: OpenProps): ReactNode {
  const say = useText(inbox);
  const format = useFormat();
  return (
    <>
      <div>
        <Title order={1} size="h2" style={{ overflowWrap: "anywhere" }}>
          {asked.title}
        </Title>
        <Text size="sm" c="dimmed">
          {say("linkGood", { label: of.label, until: format.time(of.expires_at) })}
        </Text>
      </div>
      <Ask asked={asked} mayAnswer place={place} decide={decide} />
    </>
  );
}

function Over({ of, own }: { of: Decision; own: string | null }): ReactNode {
  const say = useText(inbox);
  const words = own !== null ? null : of.status === "ended" ? (["endedTitle", "endedText"] as const) : of.status === "overtaken" ? (["overtakenTitle", "overtakenText"] as const) : (["alreadyTitle", "alreadyText"] as const);
  return (
    <Center mih={260}>
      <Card withBorder padding="xl" role="status" w="100%">
        <Stack align="center" gap="sm" ta="center">
          <Icon name={of.status === "decided" ? "check" : "clock"} size={40} />
          <Title order={1} size="h3">
            {words ? say(words[0]) : say("thanks", { choice: own ?? "" })}
          </Title>
          <Text size="sm">{words ? say(words[1]) : say("thanksText")}</Text>
          {own === null && of.choice !== null && <Text size="sm">{say("decidedTitle", { choice: choiceOfName(of.choice, say) })}</Text>}
        </Stack>
      </Card>
    </Center>
  );
}

function NoGood({ error, onRetry }: { error: unknown; onRetry: () => void }): ReactNode {
  const say = useText(inbox);
  const problem = error instanceof ApiProblem ? error : null;
  if (problem && problem.status !== 404 && problem.status !== 400 && problem.status !== 429) {
    return (
      <>
        <Title order={1} size="h2">
          {say("linkTitle")}
        </Title>
        <Failure error={error} onRetry={onRetry} />
      </>
    );
  }
  return (
    <Card withBorder padding="xl" role="alert">
      <Stack align="center" gap="sm" ta="center">
        <Icon name="warning" size={40} />
        <Title order={1} size="h3">
          {say("badLink")}
        </Title>
        <Text size="sm">{say(problem?.status === 429 ? "tooOften" : "badLinkText")}</Text>
      </Stack>
    </Card>
  );
}
