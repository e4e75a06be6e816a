/** A rule, new or changed: in fields, or as JSON where they do not do; seen and tried before it is kept. */
import { Alert, Button, SegmentedControl, Text, Textarea, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { answer, api, type Schemas } from "../../../client/api";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { FormDialog } from "../../../parts/act/FormDialog";
import { readJson } from "../../../parts/act/json";
import { act as acts } from "../../../parts/act/messages";
import { useAct } from "../../../parts/act/useAct";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import type { Rule } from "../../../parts/alert/condition";
import { draftOf, isWhole, NEW, ruleOf, type Draft } from "../../../parts/alert/draft";
import { alerts } from "./messages";
import { Preview } from "./Preview";
import { RuleFields } from "../../../parts/alert/RuleFields";

export function RuleForm({ rule }: { rule: Schemas["AlertRule"] | null }): ReactNode {
  const say = useText(alerts);
  const sayAct = useText(acts);
  const namespace = useNamespace();
  const [name, setName] = useState("");
  const [draft, setDraft] = useState<Draft>(NEW);
  /** Null: in fields. */
  const [text, setText] = useState<string | null>(null);
  const [opened, setOpened] = useState(0);
  const read = readJson(text ?? "");
  const fromText = isRule(read.value) ? read.value : null;
  const body = text === null ? (isWhole(draft) ? ruleOf(draft, rule?.rule ?? {}) : null) : fromText;
  const shape = fromText && draftOf(fromText);
  const path = { namespace, name: name.trim() };
  // As it was when the form was opened, however it is read again meanwhile.
  const [etag, setEtag] = useState<string | null>(null);
  const header = etag === null ? { "If-None-Match": "*" } : { "If-Match": etag };
  const keep = useAct({
    act: () => answer(api.PUT("/api/v1/namespaces/{namespace}/alerts/rules/{name}", { params: { path, header }, body: { ...body } })),
    refresh: [["alert-rules", namespace]],
  });
  const test = useAct({
    act: () => answer(api.POST("/api/v1/namespaces/{namespace}/alerts/rules/{name}/test", { params: { path }, body: { ...body } })),
    says: ({ delivered, error }) => (
      <Alert color={delivered ? "green" : "red"} variant="light" icon={<Icon name={delivered ? "check" : "warning"} />}>
        {delivered ? say("tested") : say("testFailed", { error: error ?? "" })}
      </Alert>
    ),
  });
  const ready = path.name !== "" && body !== null;
  const problem = read.problem !== null ? sayAct("notJson", { reason: read.problem }) : text?.trim() && fromText === null ? say("notObject") : null;
  const begin = () => {
    test.forget();
    setName(rule?.name ?? "");
    setEtag(rule?.etag ?? null);
    const known = rule === null ? NEW : draftOf(rule.rule);
    setDraft(known ?? NEW);
    setText(known === null ? JSON.stringify(rule?.rule, null, 2) : null);
    setOpened((times) => times + 1);
  };
  const show = (how: string) => {
    if (how === "json") setText(JSON.stringify(ruleOf(draft, rule?.rule ?? {}), null, 2));
    else if (shape) {
      setDraft(shape);
      setText(null);
    }
  };
  return (
    <FormDialog
      label={rule === null ? say("add") : say("change", { name: rule.name })}
      icon={rule === null ? "plus" : "set"}
      submit={say("save")}
      act={keep}
      ready={ready}
      wide
      filled={rule === null}
      small={rule !== null}
      onOpen={begin}
      more={
        <Button variant="default" onClick={() => void test.run(undefined)} loading={test.busy} disabled={!ready} mr="auto">
          {say("test")}
        </Button>
      }
    >
      <TextInput label={say("name")} value={name} onChange={(event) => setName(event.currentTarget.value)} readOnly={rule !== null} required autoComplete="off" data-autofocus />
      <SegmentedControl
        size="xs"
        aria-label={say("shape")}
        value={text === null ? "fields" : "json"}
        onChange={show}
        data={[
          { value: "fields", label: say("fields"), disabled: text !== null && shape === null },
          { value: "json", label: say("text") },
        ]}
        style={{ alignSelf: "flex-start" }}
      />
      {text === null ? (
        <RuleFields key={opened} of="namespace" draft={draft} onChange={setDraft} />
      ) : (
        <Textarea
          label={say("text")}
          description={say("textHelp")}
          error={problem}
          autosize
          minRows={6}
          maxRows={18}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        />
      )}
      <Text size="sm" c="dimmed">
        {say("scope")}
      </Text>
      <Preview name={path.name} rule={body} />
      <div role="status">{test.said}</div>
      {Boolean(test.error) && <Failure error={test.error} />}
    </FormDialog>
  );
}

function isRule(value: unknown): value is Rule {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
