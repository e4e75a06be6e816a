/** The cases of a `switch`: when each holds, and where it leads. The first that holds is taken. */
import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { connect } from "../../../../graph/document/directives";
import { freeName, isDirective } from "../../../../graph/document/flow";
import { moveItem } from "../../../../graph/document/items";
import { insertValue, renameEntry } from "../../../../graph/document/values";
import { property } from "../../../../graph/json";
import type { GraphNode } from "../../../../graph/model/graph";
import { below } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { Icon } from "../../../../parts/icons";
import { useEditor, useEditorStore } from "../context";
import { ExpressionField } from "./ExpressionField";
import { switchCases } from "./fields/scope";
import { Label, useLabel } from "./Label";
import { form } from "./messages";
import { Target } from "./Target";
import { useTyped } from "./typed";
import { useWrite } from "./write";

type Case = ReturnType<typeof switchCases>[number];

export function Cases({ node }: { node: GraphNode }): ReactNode {
  const say = useText(form);
  const store = useEditorStore();
  const write = useWrite();
  const data = useEditor((state) => state.draft.picture?.root.data ?? null);
  const cases = switchCases(data, node.id);
  const place = below(node.place, "switch");
  const words = useLabel("task.switch", "switch");
  const whole = property(node.data, "switch");
  const count = Array.isArray(whole) ? whole.length : 0;
  const move = (from: number, to: number) => store.getState().edit((source) => ({ source: moveItem(source, place, from, place, to) }));
  const add = () => {
    const name = freeName("case", cases.map((each) => each.name));
    // Before the default, which stands last by custom.
    const last = cases.at(-1);
    const at = last && property(last.task, "when") === undefined ? last.index : count;
    store.getState().edit((source) => ({ source: insertValue(source, place, at, { [name]: { when: "${ . != null }", then: "continue" } }) }));
  };
  return (
    <fieldset className="form-group">
      <legend>
        <Label words={words} name="switch" />
      </legend>
      <Text size="xs" c="dimmed" mb={6}>
        {words.help}
      </Text>
      <Stack gap={8}>
        {cases.map((each) => (
          <OneCase key={`${each.index} ${each.name}`} node={node} of={each} place={below(place, each.index, each.name)} taken={cases.map(({ name }) => name)}>
            <ActionIcon variant="subtle" color="gray" size="sm" disabled={each.index === 0} aria-label={say("moveUp", { name: each.name })} onClick={() => move(each.index, each.index - 1)}>
              <Icon name="up" size={14} />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" size="sm" disabled={each.index === count - 1} aria-label={say("moveDown", { name: each.name })} onClick={() => move(each.index, each.index + 1)}>
              <Icon name="down" size={14} />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" size="sm" disabled={count < 2} aria-label={say("removeEntry", { name: each.name })} onClick={() => write(below(place, each.index), undefined)}>
              <Icon name="trash" size={14} />
            </ActionIcon>
          </OneCase>
        ))}
        <div>
          <Button size="xs" variant="default" leftSection={<Icon name="plus" size={12} />} onClick={add}>
            {say("addCase")}
          </Button>
        </div>
      </Stack>
    </fieldset>
  );
}

function OneCase({ node, of, place, taken, children }: { node: GraphNode; of: Case; place: string; taken: readonly string[]; children: ReactNode }): ReactNode {
  const say = useText(form);
  const store = useEditorStore();
  const write = useWrite();
  const when = useLabel("case.when", "when");
  const then = useLabel("case.then", "then");
  const [typed, setTyped] = useTyped(`${place}#name`, of.name);
  const wrong = typed !== of.name && (typed.trim() === "" || isDirective(typed.trim()) || taken.includes(typed.trim()));
  const rename = () => {
    if (!wrong && typed !== of.name) store.getState().edit((source) => ({ source: renameEntry(source, place, typed.trim()) }));
  };
  const condition = property(of.task, "when");
  const target = property(of.task, "then");
  return (
    <div className="form-row" role="group" aria-label={of.name}>
      <Group gap={2} wrap="nowrap" justify="space-between">
        <TextInput
          variant="unstyled"
          size="xs"
          className="form-row__name"
          aria-label={say("nameOf", { name: of.name })}
          value={typed}
          error={wrong && say("nameWrong", { name: of.name })}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={rename}
          onKeyDown={(event) => {
            if (event.key === "Enter") rename();
            if (event.key === "Escape") setTyped(of.name);
          }}
        />
        <Group gap={0} wrap="nowrap">
          {children}
        </Group>
      </Group>
      <Stack gap={6}>
        <ExpressionField
          field={below(place, "when")}
          label={<Label words={when} name="when" />}
          name={`${of.name}: ${when.title}`}
          help={condition === undefined ? say("defaultCase") : undefined}
          value={typeof condition === "string" ? condition : ""}
          where="body"
          reads="condition"
          onCommit={(next) => write(below(place, "when"), next.trim() === "" ? undefined : next)}
        />
        {node.list !== null && (
          <Target
            label={<Label words={then} name="then" />}
            name={`${of.name}: ${then.title}`}
            list={node.list}
            except={node.name}
            value={typeof target === "string" ? target : "continue"}
            onChange={(next) => store.getState().edit((source) => ({ source: connect(source, of.pointer, next) }))}
          />
        )}
      </Stack>
    </div>
  );
}
