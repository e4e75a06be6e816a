/** The form of a trigger, or of the schedule of a workflow. */
import { useMemo, type ReactNode } from "react";
import { triggersOf } from "../../../../graph/document/parts";
import { setValue } from "../../../../graph/document/values";
import type { GraphNode } from "../../../../graph/model/graph";
import { below, escape } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { useEditor, useEditorStore } from "../context";
import { SubjectContext, type Subject } from "./check/context";
import { grammar, resolved } from "./fields/grammar";
import { Label, useLabel } from "./Label";
import { form } from "./messages";
import { ObjectFields } from "./ObjectFields";
import { PlainText } from "./plain";
import { BaseContext } from "./write";
import { YamlField } from "./YamlField";

export function TriggerForm({ node }: { node: GraphNode }): ReactNode {
  const say = useText(form);
  const store = useEditorStore();
  const words = useLabel("trigger.name", "name");
  const data = useEditor((state) => state.draft.picture?.root.data ?? null);
  const kind = node.trigger ?? "";
  const subject = useMemo((): Subject => ({ of: "trigger", kind, place: node.place }), [kind, node.place]);
  const shape = grammar.triggers[kind];
  const place = below(node.place, kind);
  const taken = new Set(triggersOf(data).map((each) => each.name));
  const isWrong = (name: string) => name.trim() === "" || (name.trim() !== node.name && taken.has(name.trim()));
  const rename = (name: string) => {
    const wanted = name.trim();
    store.getState().edit((source) => ({ source: setValue(source, below(node.place, "name"), wanted), select: [`trigger/${escape(wanted)}`] }));
  };
  return (
    <SubjectContext value={subject}>
      <BaseContext value={place}>
        <PlainText field={below(node.place, "name")} label={<Label words={words} name="name" />} name={words.title} required value={node.name} isWrong={isWrong} onCommit={rename} />
        {shape ? (
          <ObjectFields of={`trigger/${kind}`} path={`trigger.${kind}`} shape={shape} pointer={place} value={node.data} where="trigger" />
        ) : (
          <YamlField label={<code>{kind}</code>} name={kind} help={say("unknownHelp")} pointer={place} value={node.data} />
        )}
      </BaseContext>
    </SubjectContext>
  );
}

export function ScheduleForm({ node }: { node: GraphNode }): ReactNode {
  const shape = grammar.parts["schedule"];
  const own = shape ? resolved(shape) : undefined;
  const subject = useMemo((): Subject => ({ of: "trigger", kind: "schedule", place: node.place }), [node.place]);
  if (own?.t !== "object") return null;
  return (
    <SubjectContext value={subject}>
      <BaseContext value={node.place}>
        <ObjectFields of="schedule" path="schedule" shape={own} pointer={node.place} value={node.data} where="trigger" />
      </BaseContext>
    </SubjectContext>
  );
}
