/** The form of a task: what it does, when and where it goes on, what becomes of its data, and what is left. */
import { Accordion, Stack } from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { connect } from "../../../../graph/document/directives";
import type { TaskKind } from "../../../../graph/document/flow";
import { property } from "../../../../graph/json";
import type { GraphNode } from "../../../../graph/model/graph";
import { below } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { useEditor } from "../context";
import { CallFields } from "./CallFields";
import { Cases } from "./Cases";
import { SubjectContext, type Subject } from "./check/context";
import { Field } from "./Field";
import { grammar, ownShape, resolved, TASK_BASE, unknownIn, type ObjectShape } from "./fields/grammar";
import { Label, useLabel } from "./Label";
import { form } from "./messages";
import { ObjectFields } from "./ObjectFields";
import { Target } from "./Target";
import { useUnfinished } from "./typed";
import { BaseContext } from "./write";
import { YamlField } from "./YamlField";

const DATA = ["input", "output", "export"] as const;
const LIMITS = ["timeout", "metadata"] as const;
/** What is edited on the canvas, or by a part of its own. */
const WITHOUT = ["do", "try", "switch", "call", "with"];

export function TaskForm({ node, kind }: { node: GraphNode; kind: TaskKind }): ReactNode {
  const say = useText(form);
  const subject = useMemo((): Subject => ({ of: "task", task: node.id }), [node.id]);
  const call = property(node.data, "call");
  const shape = ownShape(kind, typeof call === "string" ? call : "");
  const all = grammar.tasks[kind];
  const known = { ...all, has: { ...all.has, ...shape.has } };
  const unknown = unknownIn(known, node.data);
  const isUnfinished = useUnfinished();
  const given = (names: readonly string[]) => names.some((name) => property(node.data, name) !== undefined || isUnfinished(below(node.place, name)));
  const opened = ["flow", ...(given(DATA) ? ["data"] : []), ...(given(LIMITS) ? ["limits"] : []), ...(unknown.length > 0 ? ["other"] : []), ...(isUnfinished(`${node.place}#yaml`) ? ["yaml"] : [])];
  const field = (name: string) => {
    const own = all.has[name];
    return own ? <Field key={name} name={name} path={`task.${name}`} shape={own} pointer={below(node.place, name)} value={property(node.data, name)} where="body" /> : null;
  };
  const ofItself = Object.keys(shape.has).some((name) => !WITHOUT.includes(name));
  return (
    <SubjectContext value={subject}>
      <BaseContext value={node.place}>
        {kind === "call" && <CallFields node={node} />}
        {kind === "switch" && <Cases node={node} />}
        {ofItself && <Own node={node} kind={kind} shape={shape} />}
        <Accordion multiple defaultValue={opened} variant="separated" chevronPosition="left" className="form-sections">
          <Section value="flow" title={say("sectionFlow")}>
            {field("if")}
            {node.list !== null && <Next node={node} list={node.list} />}
          </Section>
          <Section value="data" title={say("sectionData")}>
            {DATA.map(field)}
          </Section>
          <Section value="limits" title={say("sectionLimits")}>
            {LIMITS.map(field)}
          </Section>
          {unknown.length > 0 && (
            <Section value="other" title={say("sectionOther")}>
              {unknown.map((name) => (
                <YamlField key={name} label={<code>{name}</code>} name={name} help={say("unknownHelp")} pointer={below(node.place, name)} value={property(node.data, name)} />
              ))}
            </Section>
          )}
          <Section value="yaml" title={say("sectionYaml")}>
            <YamlField label={null} name={node.name} help={say("yamlHelp")} pointer={node.place} value={node.data} />
          </Section>
        </Accordion>
      </BaseContext>
    </SubjectContext>
  );
}

/** What the task does. Where that is one thing (`set`, `wait`), its fields stand without a frame around. */
function Own({ node, kind, shape }: { node: GraphNode; kind: TaskKind; shape: ReturnType<typeof ownShape> }): ReactNode {
  const names = Object.keys(shape.has).filter((name) => !WITHOUT.includes(name));
  const only = names.length === 1 ? names[0] : undefined;
  const inner = only === undefined ? undefined : shape.has[only];
  const own = inner ? resolved(inner) : undefined;
  if (only !== undefined && inner && own?.t === "object" && kind !== "try") {
    return <ObjectFields of={only === "error" ? "error" : only} path={kind} shape={own} pointer={below(node.place, only)} value={property(node.data, only)} where="body" />;
  }
  if (kind === "try") {
    const caught = shape.has["catch"];
    const fields = caught ? resolved(caught) : undefined;
    return fields?.t === "object" ? <Catch node={node} shape={fields} /> : null;
  }
  return <ObjectFields of={kind} path={kind} shape={shape} pointer={node.place} value={node.data} where="body" without={[...WITHOUT, ...TASK_BASE.filter((name) => !(kind === "listen" && name === "metadata"))]} />;
}

function Catch({ node, shape }: { node: GraphNode; shape: ObjectShape }): ReactNode {
  const words = useLabel("try.catch", "catch");
  return (
    <fieldset className="form-group">
      <legend>
        <Label words={words} name="catch" />
      </legend>
      <ObjectFields of="catch" path="catch" shape={shape} pointer={below(node.place, "catch")} value={property(node.data, "catch")} where="catch" without={["do"]} head={words.title} />
    </fieldset>
  );
}

function Section({ value, title, children }: { value: string; title: string; children: ReactNode }): ReactNode {
  return (
    <Accordion.Item value={value}>
      <Accordion.Control>{title}</Accordion.Control>
      <Accordion.Panel>
        <Stack gap="sm">{children}</Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function Next({ node, list }: { node: GraphNode; list: string }): ReactNode {
  const edit = useEditor((state) => state.edit);
  const then = property(node.data, "then");
  const words = useLabel("then", "then");
  return (
    <Target
      label={<Label words={words} name="then" />}
      name={words.title}
      list={list}
      except={node.name}
      value={typeof then === "string" ? then : "continue"}
      onChange={(target) => edit((source) => ({ source: connect(source, node.id, target) }))}
    />
  );
}
