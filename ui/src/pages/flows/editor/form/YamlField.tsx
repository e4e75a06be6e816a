/** A part of the text as it is written: for what has no fields of its own. */
import { Input, Text } from "@mantine/core";
import { useState, type FocusEvent, type ReactNode } from "react";
import { open, placed, type Source } from "../../../../graph/document/source";
import type { Json } from "../../../../graph/json";
import { useText } from "../../../../language/language";
import { Code } from "../../../../parts/code/CodeView";
import { useEditor } from "../context";
import { fragmentOf } from "./fields/fragment";
import { form } from "./messages";
import type { Common } from "./plain";
import { useTyped } from "./typed";
import { useWrite } from "./write";

interface Props extends Common {
  readonly pointer: string;
  readonly value: Json | undefined;
}

const LINE_PX = 19;
const LINES_MAX = 18;

export function YamlField({ label, name, help, required = false, pointer, value }: Props): ReactNode {
  const say = useText(form);
  const write = useWrite();
  const text = useEditor((state) => textAt(state.draft.picture, pointer, value));
  const [typed, setTyped] = useTyped(`${pointer}#yaml`, text);
  // What is found half-written was left so.
  const [left, setLeft] = useState(typed !== text);
  const problem = left && typed !== text && typed.trim() !== "" ? open(typed).problem : null;
  const wrong = problem && say("lineWrong", { line: problem.line, message: problem.message });
  const take = (event: FocusEvent) => {
    if (event.currentTarget.contains(event.relatedTarget) || typed === text) return;
    setLeft(true);
    const read = typed.trim() === "" ? null : open(typed);
    if (!read?.problem) write(pointer, read?.source.root.data);
  };
  const lines = Math.min(Math.max(typed.split("\n").length, 2), LINES_MAX);
  return (
    <Input.Wrapper label={label} {...(help ? { description: help } : {})} error={wrong} required={required} labelElement="div">
      <div className="form-yaml" style={{ height: lines * LINE_PX + 12 }} onBlur={take}>
        <Code text={typed} language="yaml" label={`${name} (YAML)`} onChange={setTyped} />
      </div>
      {typed !== text && (
        <Text size="xs" c="dimmed">
          {say("takenWhenLeft")}
        </Text>
      )}
    </Input.Wrapper>
  );
}

function textAt(source: Source | null, pointer: string, value: Json | undefined): string {
  if (!source || value === undefined) return "";
  try {
    const place = placed(source, pointer);
    return place ? fragmentOf(source, place) : "";
  } catch {
    // Behind an alias: what it means, as data.
    return JSON.stringify(value, null, 2);
  }
}
