/** A text that may be long: its beginning, and all of it on demand. */
import { Anchor, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { act } from "./messages";
import { Shown } from "./Shown";

const SHORT_CHARACTERS = 120;

export function LongText({ label, text, lines = 3 }: { label: string; text: string; lines?: number }): ReactNode {
  const say = useText(act);
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Text size="sm" lineClamp={lines} style={{ overflowWrap: "anywhere" }}>
        {text}
      </Text>
      {text.length > SHORT_CHARACTERS && (
        <Anchor component="button" type="button" size="xs" onClick={open}>
          {say("whole")}
        </Anchor>
      )}
      <Modal opened={opened} onClose={close} title={label} size="xl" closeButtonProps={{ "aria-label": say("close") }}>
        <Shown label={label} text={text} height={600} />
      </Modal>
    </>
  );
}
