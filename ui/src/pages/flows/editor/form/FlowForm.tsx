/** The settings of the flow itself: shown when no step is selected. */
import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { flavourOf, owsValue } from "../../../../graph/document/flow";
import { isMap, type Json } from "../../../../graph/json";
import { valueAt } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { useEditor } from "../context";
import { SubjectContext, type Subject } from "./check/context";
import { grammar, type ObjectShape } from "./fields/grammar";
import { Label, useLabel } from "./Label";
import { form } from "./messages";
import { ObjectFields } from "./ObjectFields";
import { PlainText } from "./plain";
import { BaseContext } from "./write";

const SUBJECT: Subject = { of: "flow" };
const CANVAS = ["triggers", "steps", "do", "schedule", "document"];
const FLOWAPP: ObjectShape = { t: "object", has: { ...grammar.spec, ...grammar.parts }, needs: ["version"] };
const WORKFLOW: ObjectShape = { t: "object", has: grammar.parts };

export function FlowForm(): ReactNode {
  const say = useText(form);
  const data = useEditor((state) => state.draft.picture?.root.data ?? null);
  const words = useLabel("flow.name", "name");
  const isApp = flavourOf(data) === "flowapp";
  const name = owsValue(data, "/document/name");
  return (
    <SubjectContext value={SUBJECT}>
      <Title order={2} size="h5">
        {say("flowTitle")}
      </Title>
      <Text size="xs" c="dimmed">
        {say("flowHelp")}
      </Text>
      <PlainText field="#name" label={<Label words={words} name="name" />} name={words.title} value={typeof name === "string" ? name : ""} help={say("flowName")} disabled onCommit={() => undefined} />
      {isApp ? <Part of="flow" shape={FLOWAPP} pointer="/spec" data={data} /> : null}
      {!isApp && (
        <>
          <Part of="flow" shape={grammar.document} pointer="/document" data={data} without={["name", "namespace", "dsl"]} />
          <Part of="flow" shape={WORKFLOW} pointer="" data={data} />
        </>
      )}
    </SubjectContext>
  );
}

function Part({ of, shape, pointer, data, without = [] }: { of: string; shape: ObjectShape; pointer: string; data: Json; without?: readonly string[] }): ReactNode {
  const value = valueAt(data, pointer);
  return (
    <BaseContext value={pointer}>
      <ObjectFields of={of} path={of} shape={shape} pointer={pointer} value={isMap(value) ? value : undefined} where="workflow-input" without={[...CANVAS, ...without]} />
    </BaseContext>
  );
}
