/** What to run, and with which input: filled in, written, taken from a past execution, or as a trigger would bring it. */
import { Button, Group, Modal, Radio, Select, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState, type ReactNode } from "react";
import { ApiProblem, isUnreachable } from "../../../../client/api";
import type { Json } from "../../../../graph/json";
import { useText } from "../../../../language/language";
import { useNamespace } from "../../../../namespace";
import { Failure } from "../../../../parts/Failure";
import { readJson } from "../../../../parts/act/json";
import { Members } from "../../../../parts/form/Fields";
import { form } from "../../../../parts/form/messages";
import { useInput } from "../../../../parts/form/useInput";
import { Written } from "../../../../parts/form/Written";
import { parts } from "../../../../parts/messages";
import { inputSchema } from "../../input";
import { CodeNeeded } from "../code/CodeNeeded";
import { useEditor, useEditorStore } from "../context";
import { saveAll } from "../saveAll";
import { useDirty } from "../Saving";
import { again, fire, start } from "./data";
import { firingsOf } from "./firings";
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
  const sayForm = useText(form);
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
  const input = useInput(schema);
  const firings = useMemo(() => (data === null ? [] : firingsOf(data)), [data]);
  const [chosen, setWay] = useState<Way | null>(null);
  const ways = WAYS.filter((each) => (each === "form" ? input.members.length > 0 : each === "trigger" ? firings.length > 0 : true));
  const way = chosen !== null && ways.includes(chosen) ? chosen : (ways[0] ?? "json");
  const [past, setPast] = useState<string | null>(null);
  const [trigger, setTrigger] = useState<string | null>(null);
  const firing = firings.find((each) => each.name === trigger) ?? firings[0];
  const [payloads, setPayloads] = useState<Readonly<Record<string, string>>>({});
  const payload = firing ? (payloads[firing.name] ?? shown(firing.payload)) : "";
  const fired = readJson(payload);
  const wrong = way === "json" ? input.problem : way === "trigger" ? fired.problem : null;
  const ready = wrong === null && (way !== "past" || past !== null);

  // A second click comes before the first one shows.
  const sent = useRef(false);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: async (value: unknown) => {
      if (saveFirst && (await saveAll(store, namespace, name, "")) !== null) throw new ApiProblem(412, "changed-meanwhile", say("conflict"), "", null, []);
      if (way === "past") return again(namespace, past ?? "");
      return way === "trigger" && firing ? fire(namespace, name, firing.name, value) : start(namespace, name, value);
    },
    onSuccess: (id) => {
      onClose();
      onStarted(id);
    },
    onSettled: (_id, failure) => {
      sent.current = false;
      const read = Promise.all(["executions", "flow", "flows", "versions"].map((key) => queries.invalidateQueries({ queryKey: [key, namespace] })));
      // That the server is gone is told now, not when it is back and all is read.
      return isUnreachable(failure) ? undefined : read;
    },
  });

  const send = () => {
    if (!ready || sent.current) return;
    const given = way === "form" || way === "json" ? input.take(way) : { value: fired.value ?? null };
    if (!given) return;
    sent.current = true;
    mutate(given.value);
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
            {sayForm("with")}
          </Text>
          <SegmentedControl
            aria-labelledby="run-with"
            data={ways.map((each) => ({ value: each, label: each === "form" || each === "json" ? sayForm(each) : say(each) }))}
            value={way}
            onChange={(value) => {
              setWay(WAYS.find((each) => each === value) ?? null);
              reset();
            }}
          />
        </div>
        {way === "form" && <Members members={input.members} draft={input.draft} place="" errors={input.errors} onChange={input.fill} />}
        {way === "json" && <Written label={sayForm("input")} help={sayForm("inputHelp")} text={input.text} problem={input.problem} onChange={input.write} />}
        {way === "past" && (
          <Past
            flow={name}
            chosen={past}
            onChoose={setPast}
            onEdit={(taken) => {
              input.write(JSON.stringify(taken, null, 2));
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
              problem={fired.problem}
              onChange={(value) => setPayloads({ ...payloads, [firing.name]: value })}
            />
          </>
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
