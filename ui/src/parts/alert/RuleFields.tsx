/** The fields of a rule: what it tells of, whom, and in which words. */
import { Accordion, ActionIcon, Autocomplete, Button, Group, NumberInput, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { Icon } from "../icons";
import { KINDS, type Draft, type Header } from "./draft";
import { useQueueNames, useSecretNames } from "./data";
import { LengthInput } from "./LengthInput";
import { alert } from "./messages";

interface Props {
  /** What the rule is of: without a queue it means those of the flow's functions, or all of the namespace. */
  readonly of: "flow" | "namespace";
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

const TIME_TEXTS = { faultedMany: "within", slower: "longerThan", stuck: "stuckFor", queueOlder: "olderThan" } as const;

export function RuleFields({ of, draft, onChange }: Props): ReactNode {
  const say = useText(alert);
  const secrets = useSecretNames();
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change });
  return (
    <Stack>
      <Condition of={of} draft={draft} set={set} />
      <TextInput
        label={say("url")}
        description={say("urlHelp", { example: "{{ secrets.chat_url }}" })}
        placeholder="https://"
        value={draft.url}
        onChange={(event) => set({ url: event.currentTarget.value })}
        required
        autoComplete="off"
      />
      <Accordion variant="contained" multiple chevronPosition="left">
        <Accordion.Item value="message">
          <Accordion.Control>{say("message")}</Accordion.Control>
          <Accordion.Panel>
            <Stack gap="sm">
              <Textarea
                label={say("body")}
                description={say("bodyHelp", { example: '{"text": {{ alert.summary | tojson }}}' })}
                autosize
                minRows={3}
                maxRows={12}
                value={draft.body}
                onChange={(event) => set({ body: event.currentTarget.value })}
                styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
              />
              <TextInput label={say("contentType")} placeholder="application/json" value={draft.contentType} onChange={(event) => set({ contentType: event.currentTarget.value })} />
              <Headers headers={draft.headers} onChange={(headers) => set({ headers })} />
              <Select
                label={say("signature")}
                description={say("signatureHelp")}
                placeholder={say("unsigned")}
                data={[...new Set([...secrets, ...(draft.signature ? [draft.signature] : [])])]}
                value={draft.signature || null}
                clearable
                clearButtonProps={{ "aria-label": say("clearSignature") }}
                onChange={(signature) => set({ signature: signature ?? "" })}
              />
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
        <Accordion.Item value="grouping">
          <Accordion.Control>{say("grouping")}</Accordion.Control>
          <Accordion.Panel>
            <Stack gap="sm">
              <Select
                label={say("groupingHow")}
                description={say("groupingHelp")}
                data={[
                  { value: "usual", label: say("groupUsual") },
                  { value: "own", label: say("groupOwn") },
                  { value: "each", label: say("groupEach") },
                ]}
                value={draft.group === null ? "usual" : draft.group.count === 0 ? "each" : "own"}
                allowDeselect={false}
                onChange={(how) => set({ group: how === "usual" ? null : { count: how === "each" ? 0 : 5, unit: how === "each" ? "seconds" : "minutes" } })}
              />
              {draft.group !== null && draft.group.count > 0 && <LengthInput label={say("group")} value={draft.group} onChange={(group) => set({ group })} />}
              <TextInput label={say("description")} description={say("descriptionHelp")} value={draft.description} onChange={(event) => set({ description: event.currentTarget.value })} />
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

function Condition({ of, draft, set }: { of: Props["of"]; draft: Draft; set: (change: Partial<Draft>) => void }): ReactNode {
  const say = useText(alert);
  const queues = useQueueNames();
  const { kind } = draft;
  return (
    <Stack gap="sm">
      <Select
        label={say("condition")}
        data={KINDS.map((each) => ({ value: each, label: say(`kind_${each}`) }))}
        value={kind}
        allowDeselect={false}
        onChange={(chosen) => set({ kind: chosen ?? kind })}
      />
      <Text size="sm" c="dimmed">
        {say(`about_${kind}`)}
      </Text>
      {kind === "faultedMany" && <NumberInput label={say("atLeast")} min={1} max={10_000} allowDecimal={false} value={draft.count} onChange={(count) => set({ count: Number(count) || 0 })} />}
      {(kind === "queueOlder" || kind === "deadLetter") && (
        <Autocomplete
          label={kind === "deadLetter" ? say(of === "flow" ? "queueOrOwn" : "queueOrAll") : say("queue")}
          data={queues}
          value={draft.queue}
          onChange={(queue) => set({ queue })}
          required={kind === "queueOlder"}
        />
      )}
      {kind !== "faulted" && kind !== "deadLetter" && <LengthInput label={say(TIME_TEXTS[kind])} value={draft.time} onChange={(time) => set({ time })} />}
    </Stack>
  );
}

function Headers({ headers, onChange }: { headers: readonly Header[]; onChange: (headers: readonly Header[]) => void }): ReactNode {
  const say = useText(alert);
  const put = (place: number, change: Partial<Header>) => onChange(headers.map((each, at) => (at === place ? { ...each, ...change } : each)));
  return (
    <Stack gap="xs" component="fieldset" m={0} p={0} style={{ border: 0 }}>
      <Text component="legend" size="sm" fw={500}>
        {say("headers")}
      </Text>
      {headers.map((header, place) => (
        <Group key={place} gap="xs" wrap="nowrap">
          <TextInput aria-label={say("headerName", { number: place + 1 })} placeholder="Authorization" value={header.name} onChange={(event) => put(place, { name: event.currentTarget.value })} w={180} />
          <TextInput
            aria-label={say("headerValue", { number: place + 1 })}
            placeholder={"Bearer {{ secrets.token }}"}
            value={header.value}
            onChange={(event) => put(place, { value: event.currentTarget.value })}
            style={{ flex: 1 }}
          />
          <ActionIcon variant="subtle" color="gray" aria-label={say("removeHeader", { number: place + 1 })} onClick={() => onChange(headers.filter((_, at) => at !== place))}>
            <Icon name="cross" size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => onChange([...headers, { name: "", value: "" }])} style={{ alignSelf: "flex-start" }}>
        {say("addHeader")}
      </Button>
    </Stack>
  );
}
