/** Two people's changes to one flow: put together where they can be, side by side where somebody has to say. */
import { Alert, Button, Collapse, Group, List, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMemo, useState, type ReactNode } from "react";
import { resolved, type MergeConflict } from "../../../../graph/document/merge";
import { open } from "../../../../graph/document/source";
import { differenceOf, statusOf } from "../../../../graph/model/diff";
import { useText } from "../../../../language/language";
import { Ago } from "../../../../parts/Ago";
import { Code } from "../../../../parts/code/CodeView";
import { Icon } from "../../../../parts/icons";
import { offsetsOf, useProblems } from "../data";
import { useBothMoved } from "./BothMoved";
import { Conflict } from "./Conflict";
import { joining } from "./messages";
import type { Theirs } from "./theirs";

interface Props {
  readonly theirs: Theirs;
  readonly busy: boolean;
  /** Save what came of it as the next version. */
  readonly onSave: (text: string) => void;
  /** Go on editing what came of it. */
  readonly onEdit: (text: string) => void;
  readonly onTake: () => void;
  readonly onClose: () => void;
}

export function Joining({ theirs: { loaded, merged, overruled }, busy, onSave, onEdit, onTake, onClose }: Props): ReactNode {
  const say = useText(joining);
  const [choices, setChoices] = useState<ReadonlyMap<number, string>>(new Map());
  const [shown, { toggle }] = useDisclosure(false);
  const open_ = merged.conflicts.filter(({ id }) => !choices.has(id)).length;
  const text = useMemo(() => resolved(merged, (each: MergeConflict) => choices.get(each.id) ?? each.mine), [merged, choices]);
  const { data: problems = [] } = useProblems(text);
  const errors = problems.filter(({ severity }) => severity === "error");
  const marks = useMemo(() => problems.map((each) => ({ ...offsetsOf({ text }, each), severity: each.severity, message: each.message })), [problems, text]);
  const ready = open_ === 0 && !busy;
  const bothMoved = useBothMoved(overruled);
  return (
    <Stack>
      <Text size="sm">
        {say("who", { who: loaded.flow.updated_by, version: loaded.flow.version })} <Ago at={loaded.flow.updated_at} />
      </Text>
      <Alert variant="light" color={open_ > 0 ? "orange" : "green"} icon={<Icon name={open_ > 0 ? "warning" : "check"} />} role="status">
        {merged.conflicts.length === 0 ? say("together") : open_ > 0 ? say("conflicts", { count: open_ }) : say("decided")}
      </Alert>
      {merged.conflicts.map((conflict) => (
        <Conflict key={conflict.id} conflict={conflict} chosen={choices.get(conflict.id)} onChoose={(chosen) => setChoices(new Map(choices).set(conflict.id, chosen))} />
      ))}
      {bothMoved !== null && <Text size="sm">{bothMoved}</Text>}
      <Changes before={loaded.flow.text} after={text} />
      {errors.length > 0 && (
        <Alert variant="light" color="red" title={say("wrong")}>
          <List size="sm">
            {errors.map((each) => (
              <List.Item key={`${each.line}:${each.message}`}>{say("line", { line: each.line, message: each.message })}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <div>
        <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={shown} leftSection={<Icon name={shown ? "down" : "right"} size={14} />}>
          {say("result")}
        </Button>
        <Collapse expanded={shown}>
          <div style={{ height: 320 }}>{shown && <Code text={text} language="yaml" label={say("result")} problems={marks} />}</div>
        </Collapse>
      </div>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {say("later")}
        </Button>
        <Button variant="default" onClick={onTake}>
          {say("take")}
        </Button>
        <Button variant="default" disabled={!ready} onClick={() => onEdit(text)}>
          {say("edit")}
        </Button>
        <Button disabled={!ready || errors.length > 0} loading={busy} onClick={() => onSave(text)}>
          {say("save")}
        </Button>
      </Group>
    </Stack>
  );
}

/** What the next version changes of theirs, step by step. */
function Changes({ before, after }: { before: string; after: string }): ReactNode {
  const say = useText(joining);
  const changes = useMemo(() => {
    const [one, other] = [open(before).source, open(after).source];
    if (!one || !other) return [];
    const { tasks, document } = differenceOf(one.root.data, other.root.data);
    const steps = tasks.flatMap((task) => {
      const status = statusOf(task);
      return status === "same" ? [] : [{ path: task.after?.path ?? task.before?.path ?? "", status }];
    });
    return [...steps, ...document.map(({ pointer }) => ({ path: pointer.slice(1), status: "changed" as const }))];
  }, [before, after]);
  if (changes.length === 0) return null;
  return (
    <section aria-label={say("changes")}>
      <Text size="sm" fw={600}>
        {say("changes")}
      </Text>
      <List size="sm">
        {changes.map(({ path, status }) => (
          <List.Item key={`${status} ${path}`}>
            <b>{path}</b>: {say(status)}
          </List.Item>
        ))}
      </List>
    </section>
  );
}
