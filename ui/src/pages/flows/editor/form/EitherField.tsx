/** A value that may be written in several ways: the way it is, and a way to the others. */
import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { isMap, type Json } from "../../../../graph/json";
import { useText } from "../../../../language/language";
import { Icon } from "../../../../parts/icons";
import { ExpressionField } from "./ExpressionField";
import { Field, type FieldProps } from "./Field";
import { accepts, nameOf, resolved, startOf, type EitherShape, type Shape } from "./fields/grammar";
import { Label, useLabel } from "./Label";
import { form } from "./messages";
import { useTyped } from "./typed";
import { useWrite } from "./write";
import { YamlField } from "./YamlField";

export function EitherField(props: Omit<FieldProps, "shape"> & { readonly shape: EitherShape }): ReactNode {
  const { name, path, shape, pointer, value, where, required = false, bare = false } = props;
  const say = useText(form);
  const write = useWrite();
  const words = useLabel(path, name);
  const [chosen, setChosen] = useTyped(`${pointer}#way`, 0);
  const current = value === undefined ? chosen : Math.max(shape.of.findIndex((each) => fitsOne(each, value)), 0);
  const way = shape.of[current];
  if (!way) return null;
  const turn = (index: number) => {
    const next = shape.of[index];
    if (!next) return;
    setChosen(index);
    if (value !== undefined) write(pointer, turned(way, next, value));
  };
  const others = shape.of.map((each, index) => ({ index, label: say(wayOf(each)) })).filter(({ index }) => index !== current);
  return (
    <div className="form-either">
      <div className="form-either__field">
        <Way {...props} way={way} bare={bare} required={required} words={words} where={where} />
      </div>
      {others.length === 1 ? (
        <Tooltip label={say("writeAs", { way: others[0]?.label ?? "" })}>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`${say("writeAs", { way: others[0]?.label ?? "" })}: ${words.title}`} onClick={() => turn(others[0]?.index ?? 0)}>
            <Icon name="swap" size={14} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`${say("writeOtherwise")}: ${words.title}`}>
              <Icon name="swap" size={14} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map(({ index, label }) => (
              <Menu.Item key={index} onClick={() => turn(index)}>
                {say("writeAs", { way: label })}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

type WayProps = Omit<FieldProps, "shape"> & { readonly way: Shape; readonly words: ReturnType<typeof useLabel> };

function Way({ way, words, ...props }: WayProps): ReactNode {
  const write = useWrite();
  const { name, pointer, value, where, bare = false, required = false } = props;
  const own = resolved(way);
  const label = bare ? null : <Label words={words} name={name} />;
  if (own.t === "any") return <YamlField label={label} name={words.title} help={bare ? undefined : words.help} required={required} pointer={pointer} value={value} />;
  if (own.t === "text" && own.role === "template") {
    const text = typeof value === "string" ? value : "";
    const set = (next: string) => write(pointer, next === "" ? undefined : next);
    return <ExpressionField field={pointer} label={label} name={words.title} help={bare ? undefined : words.help} required={required} value={text} where={own.where ?? where} reads="template" onCommit={set} />;
  }
  return <Field {...props} shape={way} />;
}

/** `any` takes what nothing before it does. */
function fitsOne(shape: Shape, value: Json): boolean {
  return accepts(shape, value);
}

function wayOf(shape: Shape): "asText" | "asNamedExpression" | "asFields" | "asList" | "asYaml" | "asNumber" | "asFlag" | "asName" {
  if (nameOf(shape) !== null) return "asFields";
  const own = resolved(shape);
  switch (own.t) {
    case "text":
      if (own.role === "expression" || own.role === "condition" || own.example !== undefined) return "asNamedExpression";
      return own.role?.endsWith("-name") ? "asName" : "asText";
    case "whole":
    case "number":
      return "asNumber";
    case "flag":
      return "asFlag";
    case "list":
    case "entries":
    case "tasks":
      return "asList";
    case "any":
      return "asYaml";
    default:
      return "asFields";
  }
}

/** A value written in another way, keeping what can be kept. */
function turned(from: Shape, to: Shape, value: Json): Json {
  const before = resolved(from);
  const after = resolved(to);
  const key = (shape: ReturnType<typeof resolved>) => (shape.t === "object" ? shape.needs?.[0] : undefined);
  const into = key(after);
  if (typeof value === "string" && into !== undefined && after.t === "object") return { ...(startOf(to) as { [name: string]: Json }), [into]: value };
  const out = key(before);
  if (after.t === "text" && out !== undefined && isMap(value) && typeof value[out] === "string") return value[out];
  if (after.t === "any") return typeof value === "string" ? { value } : value;
  if (after.t === "text" && after.role === "template" && typeof value !== "object") return String(value);
  return startOf(to);
}
