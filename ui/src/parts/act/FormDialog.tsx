/** A button that opens a form; the form closes when what it asks for is done. */
import { ActionIcon, Button, Group, Modal, Stack, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode, SubmitEvent } from "react";
import { useText } from "../../language/language";
import { Failure } from "../Failure";
import { Icon, type IconName } from "../icons";
import { act as texts } from "./messages";
import type { Act } from "./useAct";

interface Props {
  readonly label: string;
  readonly icon: IconName;
  readonly submit: string;
  readonly act: Act<void>;
  /** Empty the fields; at each opening. */
  readonly onOpen?: () => void;
  readonly ready?: boolean;
  readonly wide?: boolean;
  readonly filled?: boolean;
  /** What it does cannot be undone. */
  readonly danger?: boolean;
  /** Only the icon shows; the label is its name. */
  readonly small?: boolean;
  readonly more?: ReactNode;
  readonly children: ReactNode;
}

export function FormDialog({ label, icon, submit, act, onOpen, ready = true, wide, filled, danger, small, more, children }: Props): ReactNode {
  const say = useText(texts);
  const [opened, { open, close }] = useDisclosure(false);
  const begin = () => {
    act.forget();
    onOpen?.();
    open();
  };
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (await act.run()) close();
  };
  return (
    <>
      {small ? (
        <Tooltip label={label}>
          <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={begin}>
            <Icon name={icon} size={16} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <Button size="xs" variant={filled ? "filled" : "default"} leftSection={<Icon name={icon} size={14} />} onClick={begin}>
          {label}
        </Button>
      )}
      <Modal opened={opened} onClose={close} title={label} size={wide ? "lg" : "md"} closeButtonProps={{ "aria-label": say("close") }}>
        <form onSubmit={(event) => void send(event)}>
          <Stack>
            {children}
            {Boolean(act.error) && <Failure error={act.error} />}
            <Group justify="flex-end">
              {more}
              <Button variant="default" onClick={close}>
                {say("cancel")}
              </Button>
              <Button type="submit" loading={act.busy} disabled={!ready} {...(danger ? { color: "red" } : {})}>
                {submit}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
