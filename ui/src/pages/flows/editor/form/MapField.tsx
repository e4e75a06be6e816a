/** Names with values: rows that can be added, renamed and taken out. */
import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { renameEntry } from "../../../../graph/document/values";
import { isMap } from "../../../../graph/json";
import { below } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { Icon } from "../../../../parts/icons";
import { useEditorStore } from "../context";
import { Field, type FieldProps } from "./Field";
import { resolved, startOf, type MapShape, type Shape } from "./fields/grammar";
import { Label, useLabel } from "./Label";
import { form } from "./messages";
import { useTyped } from "./typed";
import { useWrite } from "./write";

type Props = Omit<FieldProps, "shape"> & { readonly shape: MapShape; readonly suggested?: readonly string[] };

export function MapField({ name, path, shape, pointer, value, where, bare = false, suggested = [] }: Props): ReactNode {
  const say = useText(form);
  const write = useWrite();
  const words = useLabel(path, name);
  const [adding, setAdding] = useTyped(`${pointer}#new`, "");
  const names = isMap(value) ? Object.keys(value) : [];
  const of: Shape = resolved(shape.of).t === "any" ? { t: "any", role: "template" } : shape.of;
  const missing = suggested.filter((each) => !names.includes(each));
  const add = (wanted: string) => {
    if (wanted.trim() === "" || names.includes(wanted.trim())) return;
    write(below(pointer, wanted.trim()), startOf(of));
    setAdding("");
  };
  return (
    <fieldset className="form-group" data-bare={bare || undefined}>
      <legend className={bare ? "form-hidden" : ""}>
        <Label words={words} name={name} />
      </legend>
      {words.help && !bare && (
        <Text size="xs" c="dimmed" mb={6}>
          {words.help}
        </Text>
      )}
      <Stack gap={8}>
        {names.map((each) => (
          <Row key={each} name={each} taken={names} pointer={below(pointer, each)}>
            <Field name={each} path={`${path}.*`} shape={of} pointer={below(pointer, each)} value={isMap(value) ? value[each] : undefined} where={where} bare />
          </Row>
        ))}
        <Group gap={6} wrap="nowrap">
          <TextInput
            size="xs"
            aria-label={`${words.title}: ${say("newName")}`}
            placeholder={say("newName")}
            value={adding}
            style={{ flex: 1 }}
            onChange={(event) => setAdding(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && add(adding)}
          />
          <Button size="xs" variant="default" leftSection={<Icon name="plus" size={12} />} disabled={adding.trim() === "" || names.includes(adding.trim())} onClick={() => add(adding)} aria-label={`${say("addEntry")}: ${words.title}`}>
            {say("addEntry")}
          </Button>
        </Group>
        {missing.length > 0 && (
          <Group gap={6}>
            {missing.map((each) => (
              <Button key={each} size="compact-xs" variant="light" leftSection={<Icon name="plus" size={10} />} onClick={() => add(each)}>
                {each}
              </Button>
            ))}
          </Group>
        )}
      </Stack>
    </fieldset>
  );
}

function Row({ name, taken, pointer, children }: { name: string; taken: readonly string[]; pointer: string; children: ReactNode }): ReactNode {
  const say = useText(form);
  const store = useEditorStore();
  const write = useWrite();
  const [typed, setTyped] = useTyped(`${pointer}#name`, name);
  const wrong = typed !== name && (typed.trim() === "" || taken.includes(typed.trim()));
  const rename = () => {
    if (!wrong && typed.trim() !== name) store.getState().edit((source) => ({ source: renameEntry(source, pointer, typed.trim()) }));
  };
  return (
    <div className="form-row" role="group" aria-label={name}>
      <Group gap={4} wrap="nowrap" justify="space-between">
        <TextInput
          variant="unstyled"
          size="xs"
          className="form-row__name"
          aria-label={say("nameOf", { name })}
          value={typed}
          error={wrong && say("nameWrong", { name })}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={rename}
          onKeyDown={(event) => {
            if (event.key === "Enter") rename();
            if (event.key === "Escape") setTyped(name);
          }}
        />
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={say("removeEntry", { name })} onClick={() => write(pointer, undefined)}>
          <Icon name="trash" size={14} />
        </ActionIcon>
      </Group>
      {children}
    </div>
  );
}
