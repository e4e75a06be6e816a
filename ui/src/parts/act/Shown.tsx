/** A value as text in a box that scrolls, to be copied. */
import { Box, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Copy } from "./Copy";

export function Shown({ label, text, height = 320 }: { label: string; text: string; height?: number | string }): ReactNode {
  return (
    <Box component="section" aria-label={label}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <Copy text={text} />
      </Group>
      <Box
        component="pre"
        tabIndex={0}
        m={0}
        p="xs"
        mah={height}
        fz={13}
        bg="var(--mantine-color-default-hover)"
        style={{ overflow: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere", borderRadius: 4, fontFamily: "var(--mantine-font-family-monospace)" }}
      >
        {text}
      </Box>
    </Box>
  );
}
