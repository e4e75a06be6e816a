/** What to run, and with which input: filled in, written, taken from a past execution, or as a trigger would bring it. */
import { Box, Button, Group, Modal, Radio, Select, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { ApiProblem } from "../../../../client/api";
import type { Json } from "../../../../graph/json";
import { useText } from "../../../../language/language";
import { useNamespace } from "../../../../namespace";
import { Code } from "../../../../parts/code/CodeView";
import { Failure } from "../../../../parts/Failure";
import { answerOfMembers, fieldsOf, missingIn, startOfMembers, type Draft } from "../../../../parts/form/field";
import { elementOf, Members } from "../../../../parts/form/Fields";
import { parts } from "../../../../parts/messages";
import { jsonOf } from "../../../executions/one/text";
import { CodeNeeded } from "../code/CodeNeeded";
import { useEditor, useEditorStore } from "../context";
import { saveAll } from "../saveAll";
import { useDirty } from "../Saving";
import { again, fire, start } from "./data";
import { firingsOf, inputSchema } from "./input";
import { run } from "./messages";
import { Past } from "./Past";
import "./run.css";

interface Props {
  readonly name: string;
  readonly version: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onStarted: (id: string) => void;
}

const WAYS = ["form", "json", "past", "trigger"] as const;
type Way = (typeof WAYS)[number];

/** The class by which the dialog is told from others. */
export const RUN_DIALOG = "run-dialog";

/** It stays when it is closed, so that what was filled in is there the next time. */
export function RunDialog({ opened, onClose, ...rest }: Props): ReactNode {
  const say = useText(run);
  const sayPart = useText(parts);
  return (
    <Modal opened={opened} onClose={onClose} title={say("title", { flow: rest.name })} size="xl" keepMounted className={RUN_DIALOG} closeButtonProps={{ "aria-label": sayPart("close") }}>
      <Stack gap="md">
        {/* Not in the form: what is sent from a dialog of its own would send that, too. */}
        {opened && <CodeNeeded flow={rest.name} />}
        <Asked {...rest} onClose={onClose} />
      </Stack>
    </Modal>
  );
}

function Asked({ name, version, onClose, onStarted }: Omit<Props, "opened">): ReactNode {
  const say = useText(run);
  const sayPart = useText(parts);
  const namespace = useNamespace();
  const queries = useQueryClient();
  const store = useEditorStore();
  const dirty = useDirty();
  const problem = useEditor((state) => state.draft.problem);
  const picture = useEditor((state) => state.draft.picture);
  const [deployed, setDeployed] = useState(false);
  const saveFirst = dirty && !deployed && problem === null;
  const data = picture?.root.data ?? null;
  const schema = useMemo(() => (data === null ? null : inputSchema(data)), [data]);
  const members = useMemo(() => fieldsOf(schema), [schema]);
  const firings = useMemo(() => (data === null ? [] : firingsOf(data)), [data]);
  const [chosen, setWay] = useState<Way | null>(null);
  const ways = WAYS.filter((each) => (each === "form" ? members.length > 0 : each === "trigger" ? firings.length > 0 : true));
  const way = chosen !== null && ways.includes(chosen) ? chosen : (ways[0] ?? "json");
  const [draft, setDraft] = useState<{ readonly [name: string]: Draft }>({});
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map());
  const [text, setText] = useState("{}");
  const [past, setPast] = useState<string | null>(null);
  const [trigger, setTrigger] = useState<string | null>(null);
  const firing = firings.find((each) => each.name === trigger) ?? firings[0];
  const [payloads, setPayloads] = useState<Readonly<Record<string, string>>>({});
  const payload = firing ? (payloads[firing.name] ?? shown(firing.payload)) : "";
  const filledIn = useMemo(() => ({ ...startOfMembers(members), ...draft }), [members, draft]);
  const read = jsonOf(way === "trigger" ? payload : text);
  const wrong = (way === "json" || way === "trigger") && "problem" in read ? read.problem : null;
  const ready = wrong === null && (way !== "past" || past !== null);

  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: async () => {
      if (saveFirst && (await saveAll(store, namespace, name, "")) !== null) throw new ApiProblem(412, "changed-meanwhile", say("conflict"), "", null, []);
      if (way === "form") return start(namespace, name, answerOfMembers(members, filledIn));
      if (way === "past") return again(namespace, past ?? "");
      const value = "value" in read ? read.value : null;
      return way === "trigger" && firing ? fire(namespace, name, firing.name, value) : start(namespace, name, value);
    },
    onSuccess: (id) => {
      onClose();
      onStarted(id);
    },
    onSettled: () => Promise.all(["executions", "flow", "flows", "versions"].map((key) => queries.invalidateQueries({ queryKey: [key, namespace] }))),
  });

  const send = () => {
    if (!ready || isPending) return;
    const missing = way === "form" ? missingIn(members, answerOfMembers(members, filledIn)) : [];
    flushSync(() => setErrors(new Map(missing.map((place) => [place, say("required")]))));
    if (missing[0] !== undefined) document.getElementById(elementOf(missing[0]))?.focus();
    else mutate();
  };

  return (
    <form
      aria-label={say("title", { flow: name })}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDownCapture={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        send();
      }}
    >
      <Stack gap="md">
        {dirty && (
          <Radio.Group label={say("what")} value={saveFirst ? "save" : "deployed"} onChange={(value) => setDeployed(value === "deployed")}>
            <Stack gap="xs" mt={4}>
              <Radio value="save" label={say("saveAndRun")} disabled={problem !== null} description={problem ? say("brokenHint", { line: problem.line }) : say("saveAndRunHint")} />
              <Radio value="deployed" label={say("asDeployed", { version })} description={say("asDeployedHint")} />
            </Stack>
          </Radio.Group>
        )}
        <div>
          <Text size="sm" fw={500} mb={4} id="run-with">
            {say("with")}
          </Text>
          <SegmentedControl
            aria-labelledby="run-with"
            data={ways.map((each) => ({ value: each, label: say(each) }))}
            value={way}
            onChange={(value) => {
              setWay(WAYS.find((each) => each === value) ?? null);
              reset();
            }}
          />
        </div>
        {way === "form" && <Members members={members} draft={filledIn} place="" errors={errors} onChange={setDraft} />}
        {way === "json" && <Written label={say("input")} help={say("inputHelp")} text={text} onChange={setText} />}
        {way === "past" && (
          <Past
            flow={name}
            chosen={past}
            onChoose={setPast}
            onEdit={(input) => {
              setText(JSON.stringify(input, null, 2));
              setWay("json");
            }}
          />
        )}
        {way === "trigger" && firing && (
          <>
            <Select
              label={say("chooseTrigger")}
              description={say("triggerHelp")}
              data={firings.map((each) => ({ value: each.name, label: `${each.name} (${each.kind})` }))}
              value={firing.name}
              allowDeselect={false}
              onChange={setTrigger}
            />
            <Written
              key={firing.name}
              label={say(firing.kind === "event" ? "event" : "payload")}
              text={payload}
              onChange={(value) => setPayloads({ ...payloads, [firing.name]: value })}
            />
          </>
        )}
        {wrong !== null && (
          <Text size="sm" c="red" role="alert">
            {say("noJson", { message: wrong })}
          </Text>
        )}
        {error !== null && (error instanceof ApiProblem && error.status === 412 ? <Text role="alert">{say("conflict")}</Text> : <Failure error={error} />)}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {sayPart("cancel")}
          </Button>
          <Button type="submit" loading={isPending} disabled={!ready}>
            {say(saveFirst ? "saveAndRun" : "start")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function shown(value: Json): string {
  return value === null ? "" : JSON.stringify(value, null, 2);
}

function Written({ label, help, text, onChange }: { label: string; help?: string; text: string; onChange: (text: string) => void }): ReactNode {
  return (
    <div>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      {help && (
        <Text size="xs" c="dimmed" mb={4}>
          {help}
        </Text>
      )}
      <Box className="run__text">
        <Code text={text} language="json" label={label} onChange={onChange} />
      </Box>
    </div>
  );
}
