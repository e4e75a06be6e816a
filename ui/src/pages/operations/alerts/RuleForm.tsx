/** A rule, new or changed, tried before it is kept. */
import { Alert, Button, Select, Textarea, TextInput } from "@mantine/core";
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
import { beginning, BEGINNINGS, type Beginning } from "./condition";
import { alerts } from "./messages";

const KINDS = Object.keys(BEGINNINGS) as Beginning[];

export function RuleForm({ rule }: { rule: Schemas["AlertRule"] | null }): ReactNode {
  const say = useText(alerts);
  const sayAct = useText(acts);
  const namespace = useNamespace();
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const read = readJson(text);
  const isRule = typeof read.value === "object" && read.value !== null && !Array.isArray(read.value);
  const body = (isRule ? read.value : {}) as Record<string, unknown>;
  const path = { namespace, name: name.trim() };
  const keep = useAct({
    act: () => answer(api.PUT("/api/v1/namespaces/{namespace}/alerts/rules/{name}", { params: { path }, body })),
    refresh: [["alert-rules", namespace]],
  });
  const test = useAct({
    act: () => answer(api.POST("/api/v1/namespaces/{namespace}/alerts/rules/{name}/test", { params: { path }, body })),
    says: ({ delivered, error }) => (
      <Alert color={delivered ? "green" : "red"} variant="light" icon={<Icon name={delivered ? "check" : "warning"} />}>
        {delivered ? say("tested") : say("testFailed", { error: error ?? "" })}
      </Alert>
    ),
  });
  const ready = path.name !== "" && isRule;
  const problem = read.problem !== null ? sayAct("notJson", { reason: read.problem }) : text.trim() !== "" && !isRule ? say("notObject") : null;
  return (
    <FormDialog
      label={rule === null ? say("add") : say("change", { name: rule.name })}
      icon={rule === null ? "plus" : "set"}
      submit={say("save")}
      act={keep}
      ready={ready}
      wide
      filled={rule === null}
      onOpen={() => {
        test.forget();
        setName(rule?.name ?? "");
        setText(rule === null ? beginning("kindFaulted") : JSON.stringify(rule.rule, null, 2));
      }}
      more={
        <Button variant="default" onClick={() => void test.run(undefined)} loading={test.busy} disabled={!ready} mr="auto">
          {say("test")}
        </Button>
      }
    >
      <TextInput label={say("name")} value={name} onChange={(event) => setName(event.currentTarget.value)} readOnly={rule !== null} required autoComplete="off" data-autofocus />
      {rule === null && (
        <Select
          label={say("beginWith")}
          data={KINDS.map((kind) => ({ value: kind, label: say(kind) }))}
          defaultValue="kindFaulted"
          allowDeselect={false}
          onChange={(kind) => setText(beginning(kind ?? "kindFaulted"))}
        />
      )}
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
      <div role="status">{test.said}</div>
      {Boolean(test.error) && <Failure error={test.error} />}
    </FormDialog>
  );
}
