/** Several of one kind, in their order. */
import { ActionIcon, Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { moveItem } from "../../../../graph/document/items";
import { insertValue, setValue } from "../../../../graph/document/values";
import { isList } from "../../../../graph/json";
import { below } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { Icon } from "../../../../parts/icons";
import { useEditorStore } from "../context";
import { Field, type FieldProps } from "./Field";
import { newAlert } from "./fields/alerts";
import { nameOf, startOf, type ListShape } from "./fields/grammar";
import { Label, useLabel } from "./Label";
import { form } from "./messages";
import { useWrite } from "./write";

export function ListField({ name, path, shape, pointer, value, where, bare = false }: Omit<FieldProps, "shape"> & { readonly shape: ListShape }): ReactNode {
  const say = useText(form);
  const store = useEditorStore();
  const write = useWrite();
  const words = useLabel(path, name);
  const items = isList(value) ? value : [];
  const add = () =>
    store.getState().edit((source) => {
      const item = nameOf(shape.of) === "alert" ? newAlert(items) : startOf(shape.of);
      return { source: items.length > 0 ? insertValue(source, pointer, items.length, item) : setValue(source, pointer, [item]) };
    });
  const up = (index: number) => store.getState().edit((source) => ({ source: moveItem(source, pointer, index, pointer, index - 1) }));
  return (
    <fieldset className="form-group" data-bare={bare || undefined}>
      <legend className={bare ? "form-hidden" : ""}>
        <Label words={words} name={name} />
      </legend>
      {words.help && (
        <Text size="xs" c="dimmed" mb={6}>
          {words.help}
        </Text>
      )}
      <Stack gap={8}>
        {items.map((each, index) => (
          <div key={index} className="form-row" role="group" aria-label={`${words.title} ${index + 1}`}>
            <Group gap={2} justify="flex-end">
              <ActionIcon variant="subtle" color="gray" size="sm" disabled={index === 0} aria-label={say("moveUp", { name: index + 1 })} onClick={() => up(index)}>
                <Icon name="up" size={14} />
              </ActionIcon>
              <ActionIcon variant="subtle" color="gray" size="sm" aria-label={say("removeEntry", { name: String(index + 1) })} onClick={() => write(items.length === 1 ? pointer : below(pointer, index), undefined)}>
                <Icon name="trash" size={14} />
              </ActionIcon>
            </Group>
            <Field name={String(index + 1)} path={`${path}.*`} shape={shape.of} pointer={below(pointer, index)} value={each} where={where} bare />
          </div>
        ))}
        <div>
          <Button size="xs" variant="default" leftSection={<Icon name="plus" size={12} />} onClick={add} aria-label={`${say("addEntry")}: ${words.title}`}>
            {say("addEntry")}
          </Button>
        </div>
      </Stack>
    </fieldset>
  );
}
