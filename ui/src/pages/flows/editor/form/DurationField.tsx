/** A duration: an amount and a unit, or an expression for one, or as it is written. */
import { ActionIcon, Group, Input, NumberInput, Select, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import type { Json } from "../../../../graph/json";
import { useText } from "../../../../language/language";
import { Icon } from "../../../../parts/icons";
import { ExpressionField } from "./ExpressionField";
import { durationOf, simpleDuration, UNITS, type Unit } from "./fields/duration";
import type { Where } from "./fields/grammar";
import { form } from "./messages";
import type { Typing } from "./plain";
import { useTyped } from "./typed";

interface Props extends Typing {
  readonly value: Json | undefined;
  readonly where: Where;
  /** It cannot be an expression: there is no data yet. */
  readonly fixed: boolean;
  readonly onCommit: (value: Json | undefined) => void;
}

export function DurationField({ field, label, name, help, required = false, value, where, fixed, onCommit }: Props): ReactNode {
  const say = useText(form);
  const simple = simpleDuration(value);
  const [unit, setUnit] = useTyped<Unit>(`${field}#unit`, simple?.unit ?? "seconds");
  const [typed, setTyped] = useTyped<number | string>(field, simple?.amount ?? "");
  const shownUnit = simple?.unit ?? unit;
  if (value !== undefined && simple === null) {
    const text = typeof value === "string" ? value : isoOf(value);
    const set = (next: string) => onCommit(next.trim() === "" ? undefined : next.trim());
    return <ExpressionField field={field} label={label} name={name} help={help ?? say("isoDuration")} required={required} value={text} where={where} reads="template" onCommit={set} />;
  }
  const commit = (amount: number | string, of: Unit) => {
    if (amount === "") {
      if (value !== undefined) onCommit(undefined);
      // A sign alone is no amount yet.
    } else if (Number.isFinite(Number(amount)) && (Number(amount) !== simple?.amount || of !== simple.unit)) onCommit(durationOf(Number(amount), of, value));
  };
  return (
    <Input.Wrapper label={label} {...(help ? { description: help } : {})} required={required} labelElement="div">
      <Group gap={6} wrap="nowrap">
        <NumberInput
          aria-label={name}
          value={typed}
          min={0}
          allowDecimal={false}
          hideControls
          placeholder={say("notSet")}
          style={{ flex: 1 }}
          onChange={setTyped}
          onBlur={() => commit(typed, shownUnit)}
          onKeyDown={(event) => {
            if (event.key === "Enter") commit(typed, shownUnit);
            if (event.key === "Escape") setTyped(simple?.amount ?? "");
          }}
        />
        <Select
          aria-label={`${name}: ${say("unit")}`}
          data={UNITS.map((each) => ({ value: each, label: say(each) }))}
          value={shownUnit}
          allowDeselect={false}
          style={{ flex: 1 }}
          onChange={(next) => {
            setUnit(next ?? "seconds");
            commit(typed, next ?? "seconds");
          }}
        />
        {!fixed && (
          <Tooltip label={say("asExpression")}>
            <ActionIcon variant="subtle" color="gray" aria-label={`${say("asExpression")}: ${name}`} onClick={() => onCommit("${ \"PT5S\" }")}>
              <Icon name="function" size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
    </Input.Wrapper>
  );
}

/** A map of several units as ISO 8601, in which it can be edited on one line. */
function isoOf(value: Json): string {
  const of = (unit: Unit) => Number((value as Partial<Record<Unit, Json>> | null)?.[unit] ?? 0);
  const seconds = of("seconds") + of("milliseconds") / 1000;
  const time = [of("hours") ? `${of("hours")}H` : "", of("minutes") ? `${of("minutes")}M` : "", seconds ? `${seconds}S` : ""].join("");
  return `P${of("days") ? `${of("days")}D` : ""}${time ? `T${time}` : ""}`;
}
