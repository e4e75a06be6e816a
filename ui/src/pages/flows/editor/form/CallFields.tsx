/** What a call calls, and with what. */
import { Accordion, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { owsValue } from "../../../../graph/document/flow";
import { isMap, property, type Json } from "../../../../graph/json";
import type { GraphNode } from "../../../../graph/model/graph";
import { below, valueAt } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { useEditor } from "../context";
import { grammar, resolved } from "./fields/grammar";
import { Label, useLabel } from "./Label";
import { MapField } from "./MapField";
import { form } from "./messages";
import { ObjectFields } from "./ObjectFields";
import { SuggestedText } from "./plain";
import { BaseContext, useWrite } from "./write";

export function CallFields({ node }: { node: GraphNode }): ReactNode {
  const say = useText(form);
  const write = useWrite();
  const data = useEditor((state) => state.draft.picture?.root.data ?? null);
  const words = useLabel("task.call", "call");
  const called = property(node.data, "call");
  const call = typeof called === "string" ? called : "";
  const own = keysOf(valueAt(data, "/spec/functions"));
  const used = keysOf(owsValue(data, "/use/functions"));
  const arguments_ = property(node.data, "with");
  const place = below(node.place, "with");
  const protocol = own.includes(call) || used.includes(call) ? undefined : grammar.calls[call];
  const definition = own.includes(call) ? below("/spec/functions", call) : null;
  return (
    <Stack gap="sm">
      <SuggestedText
        field={below(node.place, "call")}
        label={<Label words={words} name="call" />}
        name={words.title}
        help={words.help}
        required
        value={call}
        usual={[...own, ...used, ...Object.keys(grammar.calls)]}
        onCommit={(next) => next !== "" && write(below(node.place, "call"), next)}
      />
      {protocol ? (
        <ObjectFields of={`call/${call}`} path={call} shape={protocol} pointer={place} value={arguments_} where="body" />
      ) : (
        <>
          <MapField name="with" path="function.with" shape={{ t: "map", of: { t: "any", role: "template" } }} pointer={place} value={arguments_} where="body" suggested={argumentsOf(owsValue(data, below("/use/functions", call)))} />
          {arguments_ === undefined && (
            <Text size="xs" c="dimmed">
              {say("withoutArguments")}
            </Text>
          )}
        </>
      )}
      {definition !== null && <Definition name={call} pointer={definition} value={valueAt(data, definition)} />}
    </Stack>
  );
}

/** The function itself: where its code is, how it is called. */
function Definition({ name, pointer, value }: { name: string; pointer: string; value: Json | undefined }): ReactNode {
  const say = useText(form);
  const shape = resolved({ t: "named", name: "function" });
  if (shape.t !== "object") return null;
  return (
    <BaseContext value={pointer}>
      <Accordion variant="separated" chevronPosition="left" className="form-sections">
        <Accordion.Item value="function">
          <Accordion.Control>{say("functionItself", { name })}</Accordion.Control>
          <Accordion.Panel>
            <ObjectFields of="function" path="function" shape={shape} pointer={pointer} value={value} where="body" />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </BaseContext>
  );
}

function keysOf(value: Json | undefined): string[] {
  return isMap(value) ? Object.keys(value) : [];
}

/** The arguments that a function's input schema names, those that it needs first. */
function argumentsOf(definition: Json | undefined): string[] {
  const schema = property(property(property(definition, "input"), "schema"), "document");
  const names = keysOf(property(schema, "properties"));
  const required = property(schema, "required");
  const needed = Array.isArray(required) ? names.filter((name) => (required as Json[]).includes(name)) : [];
  return [...needed, ...names.filter((name) => !needed.includes(name))];
}
