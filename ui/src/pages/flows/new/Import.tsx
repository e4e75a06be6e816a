/** A flow from a text: pasted, from a file, or dropped; what is wrong is shown at its line before anything is kept. */
import { Anchor, Button, FileButton, Group, List, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useState, type DragEvent, type ReactNode } from "react";
import { open } from "../../../graph/document/source";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Code } from "../../../parts/code/CodeView";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import { useFlow } from "../data";
import { offsetsOf, useProblems, type Problem } from "../editor/data";
import { useCreate } from "./create";
import { identityOf, named, type Identity } from "./documents";
import { IdentityFields, useChecked } from "./Identity";
import { newFlow } from "./messages";

const TYPING_MS = 400;
const NONE: readonly Problem[] = [];

/** A copy of a flow, to be named. */
export function Copied({ of }: { of: string }): ReactNode {
  const { data, error } = useFlow(of);
  if (error) return <Failure error={error} />;
  return data ? <Import key={of} begun={data.flow.text} name={`${of}-copy`} /> : null;
}

export function Import({ begun = "", name }: { begun?: string; name?: string }): ReactNode {
  const say = useText(newFlow);
  const namespace = useNamespace();
  const [text, setText] = useState(begun);
  const [reveal, setReveal] = useState<{ from: number; to: number } | null>(null);
  /** What somebody typed; else it is what the document says. */
  const [typed, setTyped] = useState<Identity | null>(name === undefined ? null : { namespace, name });
  const opened = useMemo(() => open(text), [text]);
  const said = opened.source ? identityOf(opened.source) : null;
  const identity = typed ?? { namespace, name: said?.name ?? "" };
  const checked = useChecked(identity);
  // What is checked is what would be kept.
  const kept = useMemo(() => {
    try {
      return opened.source && identity.name !== "" ? named(opened.source, { namespace: identity.namespace, name: identity.name }).text : text;
    } catch {
      return text;
    }
  }, [opened, identity.namespace, identity.name, text]);
  const [settled] = useDebouncedValue(kept, TYPING_MS);
  const { data: problems = NONE, isFetching } = useProblems(settled.trim() === "" ? "{}" : settled);
  const found = useMemo((): readonly Problem[] => (text.trim() === "" ? [] : problems), [text, problems]);
  const errors = found.filter(({ severity }) => severity === "error");
  const marks = useMemo(() => found.map((each) => ({ ...offsetsOf({ text }, each), severity: each.severity, message: each.message })), [found, text]);
  const create = useCreate();
  const sound = text.trim() !== "" && opened.source !== undefined && errors.length === 0 && settled === kept && !isFetching && !create.busy;
  const take = (next: string) => {
    setText(next);
    if (name === undefined) setTyped(null);
  };
  const drop = (event: DragEvent) => {
    const file = event.dataTransfer.files[0];
    if (!file) return;
    event.preventDefault();
    void file.text().then(take);
  };
  useEffect(() => create.forget(), [text]); // eslint-disable-line react-hooks/exhaustive-deps -- a refusal is of the text that was sent
  return (
    <Stack maw={1000}>
      <Group>
        <FileButton accept=".yaml,.yml,.json" onChange={(file) => void file?.text().then(take)}>
          {(props) => (
            <Button {...props} variant="default" size="xs" leftSection={<Icon name="plus" size={14} />}>
              {say("file")}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {say("importHelp")}
        </Text>
      </Group>
      <div style={{ height: 340, border: "1px solid var(--mantine-color-default-border)", borderRadius: 6 }} onDragOver={(event) => event.preventDefault()} onDropCapture={drop}>
        <Code text={text} language="yaml" label={say("document")} problems={marks} reveal={reveal} onChange={setText} />
      </div>
      <div role="status">
        {found.length > 0 && (
          <List size="sm">
            {found.map((each) => (
              <List.Item key={`${each.line}:${each.code}:${each.message}`}>
                <Anchor component="button" type="button" size="sm" onClick={() => setReveal(offsetsOf({ text }, each))}>
                  {say("line", { line: each.line })}
                </Anchor>{" "}
                {each.message}
                {each.remedy ? ` (${each.remedy})` : ""}
              </List.Item>
            ))}
          </List>
        )}
      </div>
      <IdentityFields identity={identity} checked={checked} onChange={setTyped} />
      {Boolean(create.error) && <Failure error={create.error} />}
      <Group>
        <Button disabled={!sound || !checked.free} loading={create.busy} onClick={() => void create.run({ identity, text: kept })}>
          {say("create")}
        </Button>
        {checked.taken && (
          <Button variant="default" disabled={!sound} onClick={() => void create.run({ identity, text: kept, next: true })}>
            {say("nextVersion", { name: identity.name })}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
