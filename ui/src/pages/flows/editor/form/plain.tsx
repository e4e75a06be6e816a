/** Fields for plain texts, choices and numbers; what is typed is taken when the field is left or Enter is pressed. */
import { Autocomplete, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import type { KeyboardEvent, ReactNode } from "react";
import { useText } from "../../../../language/language";
import { form } from "./messages";
import { useTyped } from "./typed";

export interface Common {
  readonly label: ReactNode;
  readonly name: string;
  readonly help?: string | undefined;
  readonly required?: boolean;
}

/** A field in which is typed: `field` is its pointer in the text. */
export interface Typing extends Common {
  readonly field: string;
}

interface TextProps extends Typing {
  readonly value: string;
  readonly placeholder?: string;
  readonly long?: boolean;
  readonly disabled?: boolean;
  /** What cannot be taken; it stays, and is told, until it is mended or thrown away. */
  readonly isWrong?: (text: string) => boolean;
  readonly onCommit: (value: string) => void;
}

export function PlainText({ field, label, name, help, required = false, value, placeholder = "", long = false, disabled = false, isWrong, onCommit }: TextProps): ReactNode {
  const say = useText(form);
  const [text, setText] = useTyped(field, value);
  const wrong = text !== value && (isWrong?.(text) ?? false);
  const commit = () => {
    if (text !== value && !wrong) onCommit(text);
  };
  const shared = {
    label,
    description: help,
    "aria-label": name,
    withAsterisk: required,
    value: text,
    placeholder,
    disabled,
    error: wrong && say("nameWrong", { name: value }),
    onBlur: commit,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === "Enter" && !long) commit();
      if (event.key === "Escape") setText(value);
    },
  };
  if (long || value.includes("\n")) {
    return <Textarea {...shared} autosize minRows={2} maxRows={14} onChange={(event) => setText(event.currentTarget.value)} styles={{ input: { fontFamily: name === "code" ? "var(--mantine-font-family-monospace)" : undefined } }} />;
  }
  return <TextInput {...shared} onChange={(event) => setText(event.currentTarget.value)} />;
}

/** One of a few values. */
export function ChoiceText({ label, name, help, required = false, value, values, onCommit }: Omit<TextProps, "field" | "placeholder" | "long" | "isWrong"> & { readonly values: readonly string[] }): ReactNode {
  const say = useText(form);
  return (
    <Select
      label={label}
      description={help}
      aria-label={name}
      withAsterisk={required}
      data={[...values]}
      value={value === "" ? null : value}
      placeholder={say("notSet")}
      clearable={!required}
      allowDeselect={!required}
      searchable={values.length > 8}
      onChange={(next) => onCommit(next ?? "")}
    />
  );
}

/** Anything, with what is usual to choose from. */
export function SuggestedText({ field, label, name, help, required = false, value, placeholder = "", usual, onCommit }: TextProps & { readonly usual: readonly string[] }): ReactNode {
  const [text, setText] = useTyped(field, value);
  const commit = (chosen: string) => {
    if (chosen !== value) onCommit(chosen.trim());
  };
  return (
    <Autocomplete
      label={label}
      description={help}
      aria-label={name}
      withAsterisk={required}
      data={[...new Set(usual)]}
      value={text}
      placeholder={placeholder}
      // What is written is no filter until it is typed in: all that is usual is shown.
      {...(text === value ? { filter: ({ options }) => options } : {})}
      onChange={setText}
      onOptionSubmit={(chosen) => {
        setText(chosen);
        commit(chosen);
      }}
      onBlur={() => commit(text)}
      onKeyDown={(event) => {
        if (event.key === "Escape") setText(value);
      }}
    />
  );
}

interface NumberProps extends Typing {
  readonly value: number | undefined;
  readonly whole: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly onCommit: (value: number | undefined) => void;
}

export function NumberField({ field, label, name, help, required = false, value, whole, min, max, onCommit }: NumberProps): ReactNode {
  const [typed, setTyped] = useTyped<number | string>(field, value ?? "");
  const commit = () => {
    const next = typed === "" ? undefined : Number(typed);
    if (next !== value && (next === undefined || Number.isFinite(next))) onCommit(next);
  };
  return (
    <NumberInput
      label={label}
      description={help}
      aria-label={name}
      withAsterisk={required}
      value={typed}
      allowDecimal={!whole}
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
      hideControls
      onChange={setTyped}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") setTyped(value ?? "");
      }}
    />
  );
}
