/** Where something goes on. */
import { Select } from "@mantine/core";
import { useContext, type ReactNode } from "react";
import { connect } from "../../../../graph/document/directives";
import { DIRECTIVES, isDirective, namesIn, taskPlace } from "../../../../graph/document/flow";
import { below } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { useEditor, useEditorStore } from "../context";
import { SubjectContext } from "./check/context";
import { form } from "./messages";
import { useWrite } from "./write";

interface Props {
  readonly label: ReactNode;
  readonly name: string;
  readonly list: string;
  readonly except: string;
  readonly value: string;
  readonly onChange: (target: string) => void;
  /** Nothing may be written: then it is taken out. */
  readonly onClear?: () => void;
}

/** Where it goes on: a word of the language, or a task of the same list. */
export function Target({ label, name, list, except, value, onChange, onClear }: Props): ReactNode {
  const say = useText(form);
  const data = useEditor((state) => state.draft.picture?.root.data ?? null);
  const words = { continue: say("nextStep"), exit: say("leave"), end: say("endFlow") };
  const names = namesIn(data, list).filter((each) => each !== except && !isDirective(each));
  const known = [...DIRECTIVES, ...names] as string[];
  return (
    <Select
      label={label}
      aria-label={name}
      allowDeselect={false}
      clearable={onClear !== undefined}
      placeholder={say("notSet")}
      data={[
        ...DIRECTIVES.map((each) => ({ value: each, label: words[each] })),
        ...names.map((each) => ({ value: each, label: each })),
        ...(value === "" || known.includes(value) ? [] : [{ value, label: `${value} ?` }]),
      ]}
      value={value === "" ? null : value}
      onChange={(target) => (target === null ? onClear?.() : onChange(target))}
    />
  );
}

/** Where a `catch` goes on; without it that is where its `try` does. */
export function CatchThen({ label, name, value, pointer }: { label: ReactNode; name: string; value: string; pointer: string }): ReactNode {
  const store = useEditorStore();
  const write = useWrite();
  const subject = useContext(SubjectContext);
  if (subject.of !== "task") return null;
  const { task } = subject;
  const { list, name: own } = taskPlace(task);
  return (
    <Target
      label={label}
      name={name}
      list={list}
      except={own}
      value={value}
      onChange={(target) => store.getState().edit((source) => ({ source: connect(source, below(task, "catch"), target) }))}
      onClear={() => write(pointer, undefined)}
    />
  );
}
