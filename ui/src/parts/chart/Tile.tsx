/** A number with its name; a link where there is more behind it. */
import { Card, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ALARM } from "./alarm";

interface Props {
  readonly name: string;
  readonly value: ReactNode;
  readonly more?: ReactNode;
  readonly alarming?: boolean;
}

export function Tile({ name, value, more, alarming }: Props): ReactNode {
  return (
    <Card withBorder p="sm">
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fz={22} fw={600} lh={1.3} style={{ fontVariantNumeric: "tabular-nums" }} {...(alarming ? { c: ALARM } : {})}>
        {value}
      </Text>
      {more && (
        <Text size="xs" c="dimmed" component="div">
          {more}
        </Text>
      )}
    </Card>
  );
}
