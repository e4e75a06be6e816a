/** Flows to begin with: cards that say what each teaches, and the one that is chosen, to be named. */
import "./templates.css";
import { Anchor, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { opened } from "../../../../graph/document/source";
import { useText } from "../../../../language/language";
import { useNamespace } from "../../../../namespace";
import { Code } from "../../../../parts/code/CodeView";
import { Failure } from "../../../../parts/Failure";
import { Icon } from "../../../../parts/icons";
import { Loading } from "../../../../parts/Loading";
import { useCreate } from "../create";
import { freeFlowName } from "../data";
import { apart, type Identity } from "../documents";
import { IdentityFields, useChecked } from "../Identity";
import { newFlow } from "../messages";
import { newTemplates } from "./messages";
import { Steps } from "./Steps";
import { isTemplate, templateText, TEMPLATES, WORDS, type TemplateName } from "./templates";

const ALL = "/flows/new?from=template";

export default function Templates({ chosen }: { chosen: string | null }): ReactNode {
  return isTemplate(chosen) ? <Chosen key={chosen} name={chosen} /> : <Cards />;
}

function Cards(): ReactNode {
  const say = useText(newTemplates);
  return (
    <Stack>
      <Text c="dimmed">{say("help")}</Text>
      <ul className="template-cards">
        {TEMPLATES.map((name) => (
          <li key={name}>
            <Card name={name} />
          </li>
        ))}
      </ul>
    </Stack>
  );
}

function Card({ name }: { name: TemplateName }): ReactNode {
  const say = useText(newTemplates);
  const { data } = useTemplate(name);
  const words = WORDS[name];
  const title = `template-${name}`;
  return (
    <Paper component={Link} href={`${ALL}&template=${name}`} withBorder p="md" className="template-card" aria-labelledby={title}>
      <Title order={2} size="h5" id={title}>
        {say(words.title)}
      </Title>
      <Text size="sm" c="dimmed" mt={4} mb="sm">
        {say(words.teaches)}
      </Text>
      {data !== undefined && <Steps text={data} />}
    </Paper>
  );
}

function useTemplate(name: TemplateName) {
  return useQuery({ queryKey: ["template", name], queryFn: () => templateText(name), staleTime: Infinity });
}

/** One template: what it is called here is asked, with a name that is free filled in. */
function Chosen({ name }: { name: TemplateName }): ReactNode {
  const namespace = useNamespace();
  const text = useTemplate(name);
  const free = useQuery({
    queryKey: ["flows", namespace, "free", name],
    queryFn: ({ signal }) => freeFlowName(namespace, name, signal),
    gcTime: 0,
  });
  const error = text.error ?? free.error;
  if (error) return <Failure error={error} />;
  if (text.data === undefined || free.data === undefined) return <Loading lines={10} />;
  return <Naming template={name} text={text.data} begun={{ namespace, name: free.data }} />;
}

function Naming({ template, text, begun }: { template: TemplateName; text: string; begun: Identity }): ReactNode {
  const say = useText(newTemplates);
  const sayNew = useText(newFlow);
  const [identity, setIdentity] = useState(begun);
  const checked = useChecked(identity);
  const create = useCreate();
  const source = useMemo(() => opened(text), [text]);
  const own = useMemo(() => apart(source, identity).text, [source, identity]);
  const words = WORDS[template];
  return (
    <Stack maw={1100}>
      <Anchor component={Link} href={ALL} size="sm">
        <Group gap={4}>
          <Icon name="left" size={14} />
          {say("all")}
        </Group>
      </Anchor>
      <div>
        <Title order={2} size="h4">
          {say(words.title)}
        </Title>
        <Text c="dimmed">{say(words.teaches)}</Text>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (checked.free) void create.run({ identity, text: own });
        }}
      >
        <Stack>
          <IdentityFields identity={identity} checked={checked} onChange={setIdentity} autoFocus />
          {Boolean(create.error) && <Failure error={create.error} />}
          <Group>
            <Button type="submit" disabled={!checked.free} loading={create.busy}>
              {sayNew("create")}
            </Button>
          </Group>
        </Stack>
      </form>
      <Group align="flex-start" wrap="wrap">
        <div style={{ flex: "0 1 300px" }}>
          <Steps text={text} />
        </div>
        <div style={{ flex: "1 1 420px", minWidth: 0, height: 460, border: "1px solid var(--mantine-color-default-border)", borderRadius: 6 }}>
          <Code text={own} language="yaml" label={say("document")} />
        </div>
      </Group>
    </Stack>
  );
}
