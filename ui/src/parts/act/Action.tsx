/** A button that does something, after a question where it cannot be undone. */
import { ActionIcon, Button, Group, Modal, Stack, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { Failure } from "../Failure";
import { Icon, type IconName } from "../icons";
import { act as texts } from "./messages";
import { useAct } from "./useAct";

interface Props {
  readonly label: string;
  readonly icon: IconName;
  readonly act: () => Promise<unknown>;
  readonly refresh: readonly QueryKey[];
  /** Asked first: what will happen, and what the button says that lets it. */
  readonly question?: { readonly text: ReactNode; readonly confirm: string };
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Only the icon shows; the label is its name. */
  readonly small?: boolean;
  /** Told after it was done. */
  readonly onDone?: () => void;
}

export function Action({ label, icon, act, refresh, question, danger, disabled, small, onDone }: Props): ReactNode {
  const say = useText(texts);
  const [opened, { open, close }] = useDisclosure(false);
  const deed = useAct({ act, refresh });
  const color = danger ? { color: "red" } : {};
  const perform = async () => {
    if (await deed.run(undefined)) {
      close();
      onDone?.();
    } else {
      open();
    }
  };
  const begin = () => {
    deed.forget();
    if (question) open();
    else void perform();
  };
  return (
    <>
      {small ? (
        <Tooltip label={label}>
          <ActionIcon variant="subtle" color={danger ? "red" : "gray"} aria-label={label} onClick={begin} loading={deed.busy && !opened} disabled={disabled ?? false}>
            <Icon name={icon} size={16} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <Button size="xs" variant="default" leftSection={<Icon name={icon} size={14} />} onClick={begin} loading={deed.busy && !opened} disabled={disabled ?? false}>
          {label}
        </Button>
      )}
      <Modal opened={opened} onClose={close} title={label} closeButtonProps={{ "aria-label": say("close") }}>
        <Stack>
          {question && (typeof question.text === "string" ? <Text size="sm">{question.text}</Text> : question.text)}
          {Boolean(deed.error) && <Failure error={deed.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {deed.error && !question ? say("close") : say("cancel")}
            </Button>
            {question && (
              <Button {...color} onClick={() => void perform()} loading={deed.busy}>
                {question.confirm}
              </Button>
            )}
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
