/** A length of time: a number and its unit. */
import { Group, NumberInput, Select } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { UNITS, type Length, type Unit } from "./duration";
import { alert } from "./messages";

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly value: Length;
  readonly onChange: (value: Length) => void;
}

export function LengthInput({ label, description, value, onChange }: Props): ReactNode {
  const say = useText(alert);
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <NumberInput
        label={label}
        {...(description ? { description } : {})}
        min={0}
        value={value.count}
        onChange={(count) => onChange({ ...value, count: Number(count) || 0 })}
        style={{ flex: 1 }}
      />
      <Select
        aria-label={say("unitOf", { label })}
        w={130}
        data={(Object.keys(UNITS) as Unit[]).map((unit) => ({ value: unit, label: say(unit === "hours" ? "hoursUnit" : unit) }))}
        value={value.unit}
        allowDeselect={false}
        onChange={(unit) => onChange({ ...value, unit: unit ?? value.unit })}
      />
    </Group>
  );
}
