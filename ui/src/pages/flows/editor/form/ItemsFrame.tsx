/** The frame of several things in their order: what they are, and a button for one more. */
import { ActionIcon, Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../../../language/language";
import { Icon } from "../../../../parts/icons";
import { Label, useLabel } from "./Label";
import { form } from "./messages";

interface Props {
  readonly words: ReturnType<typeof useLabel>;
  readonly name: string;
  /** Whether the title is said around it already. */
  readonly bare?: boolean;
  readonly onAdd: () => void;
  readonly children: ReactNode;
}

export function ItemsFrame({ words, name, bare = false, onAdd, children }: Props): ReactNode {
  const say = useText(form);
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
        {children}
        <div>
          <Button size="xs" variant="default" leftSection={<Icon name="plus" size={12} />} onClick={onAdd} aria-label={`${say("addEntry")}: ${words.title}`}>
            {say("addEntry")}
          </Button>
        </div>
      </Stack>
    </fieldset>
  );
}

/** Move one of them up (`onUp` is null for the first), and take it out. */
export function ItemActs({ name, onUp, onRemove }: { name: string; onUp: (() => void) | null; onRemove: () => void }): ReactNode {
  const say = useText(form);
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      <ActionIcon variant="subtle" color="gray" size="sm" disabled={onUp === null} aria-label={say("moveUp", { name })} onClick={() => onUp?.()}>
        <Icon name="up" size={14} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={say("removeEntry", { name })} onClick={onRemove}>
        <Icon name="trash" size={14} />
      </ActionIcon>
    </Group>
  );
}
