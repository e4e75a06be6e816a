/** An alert of the flow: its name, and the fields that rules of a namespace have. */
import { Stack, Text } from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { setValue } from "../../../../graph/document/values";
import { equal, isMap, property, type Json } from "../../../../graph/json";
import { below, split } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { draftOf, isChosen, isWhole, type Draft } from "../../../../parts/alert/draft";
import { RuleFields } from "../../../../parts/alert/RuleFields";
import { useEditorStore } from "../context";
import { alertOf } from "./fields/alerts";
import { Label, useLabel } from "./Label";
import { form } from "./messages";
import { PlainText, type Common } from "./plain";
import { useTyped } from "./typed";
import { useWrite } from "./write";
import { YamlField } from "./YamlField";

interface Props extends Common {
  readonly pointer: string;
  readonly value: Json | undefined;
}

export function AlertField({ pointer, value, ...common }: Props): ReactNode {
  const shown = useMemo(() => (isMap(value) ? draftOf(value) : null), [value]);
  if (value === undefined || shown === null) return <YamlField {...common} pointer={pointer} value={value} />;
  return <Known pointer={pointer} value={value} shown={shown} />;
}

function Known({ pointer, value, shown }: { pointer: string; value: Json; shown: Draft }): ReactNode {
  const say = useText(form);
  const store = useEditorStore();
  const write = useWrite();
  const words = useLabel("alert.name", "name");
  const name = property(value, "name");
  // By its name: alerts are moved up and down.
  const [draft, setDraft] = useTyped(typeof name === "string" ? `${split(pointer).parent}#${name}` : `${pointer}#alert`, shown);
  const take = (next: Draft) => {
    const alert = alertOf(next, value);
    if (isWhole(next) && !equal(alert, value)) store.getState().edit((source) => ({ source: setValue(source, pointer, alert) }));
  };
  const change = (next: Draft) => {
    setDraft(next);
    if (isChosen(draft, next)) take(next);
  };
  return (
    <Stack gap="sm">
      <PlainText
        field={below(pointer, "name")}
        label={<Label words={words} name="name" />}
        name={words.title}
        required
        value={typeof name === "string" ? name : ""}
        isWrong={(next) => next.trim() === ""}
        onCommit={(next) => write(below(pointer, "name"), next.trim())}
      />
      {/* What is typed is taken when its field is left. */}
      <div onBlur={() => take(draft)} onKeyDown={(event) => event.key === "Enter" && event.target instanceof HTMLInputElement && take(draft)}>
        <RuleFields of="flow" draft={draft} onChange={change} />
      </div>
      {!isWhole(draft) && (
        <Text size="xs" c="dimmed" role="status">
          {say("alertOpen")}
        </Text>
      )}
    </Stack>
  );
}
