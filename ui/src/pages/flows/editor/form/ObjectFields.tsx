/** The properties of something: those that matter, those that are written, and a menu with the others. */
import { Select, Stack } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { isMap, property, type Json } from "../../../../graph/json";
import { below } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { useEditorStore } from "../context";
import { Field } from "./Field";
import { chosenOf, resolved, startOf, unknownIn, type ObjectShape, type Where } from "./fields/grammar";
import { MAIN } from "./fields/layout";
import { written } from "./fields/write";
import { useTitles } from "./Label";
import { MapField } from "./MapField";
import { form } from "./messages";
import { MoreFields } from "./MoreFields";
import { useUnfinished } from "./typed";
import { useWrite } from "./write";
import { YamlField } from "./YamlField";

interface Props {
  /** What it is, for which properties it shows first (`MAIN`). */
  readonly of: string;
  /** The name before its properties, for their words. */
  readonly path: string;
  readonly shape: ObjectShape;
  readonly pointer: string;
  readonly value: Json | undefined;
  readonly where: Where;
  /** Properties that another part of the form has. */
  readonly without?: readonly string[];
  /** The title of the frame that it is all of: what can be added is asked for there. */
  readonly head?: string | null;
}

export function ObjectFields({ of, path, shape, pointer, value, where, without = [], head = null }: Props): ReactNode {
  const say = useText(form);
  const isUnfinished = useUnfinished();
  // What was asked for and is half-written is asked for again.
  const [asked, setAsked] = useState<readonly string[]>(() => [
    ...Object.keys(shape.has).filter((name) => isUnfinished(below(pointer, name))),
    ...(shape.extra && isUnfinished(`${pointer}#new`) ? ["extra"] : []),
  ]);
  const groups = (shape.one ?? []).filter((group) => !group.some((name) => without.includes(name)));
  const grouped = new Set(groups.flat());
  const names = Object.keys(shape.has).filter((name) => !grouped.has(name) && !without.includes(name));
  const main = MAIN[of] ?? shape.needs ?? [];
  const first = [...new Set([...main, ...(shape.needs ?? [])])].filter((name) => names.includes(name));
  const shown = [...first, ...names.filter((name) => !first.includes(name) && (property(value, name) !== undefined || asked.includes(name)))];
  const more = names.filter((name) => !shown.includes(name));
  const unknown = unknownIn(shape, value).filter((name) => !without.includes(name));
  if (shape.extra && unknown.length === 0 && !asked.includes("extra")) more.push("extra");
  const field = (name: string, bare = false) => {
    const own = shape.has[name];
    return own ? (
      <Field key={name} name={name} path={`${path}.${name}`} shape={own} pointer={below(pointer, name)} value={property(value, name)} where={where} required={shape.needs?.includes(name) ?? false} bare={bare} />
    ) : null;
  };
  const adding = <MoreFields names={more} path={path} head={head} onAsk={(name) => setAsked([...asked, name])} />;
  return (
    <Stack gap="sm">
      {head !== null && adding}
      {groups.map((group) => (
        <OneOf key={group.join()} group={group} path={path} shape={shape} pointer={pointer} value={value} field={field} />
      ))}
      {shown.map((name) => field(name))}
      {shape.extra && (unknown.length > 0 || asked.includes("extra")) && (
        <MapField
          name="extra"
          path={`${path}.extra`}
          shape={{ t: "map", of: shape.extra }}
          pointer={pointer}
          value={isMap(value) ? Object.fromEntries(unknown.map((name) => [name, value[name] ?? null])) : undefined}
          where={where}
        />
      )}
      {!shape.extra &&
        unknown.map((name) => <YamlField key={name} label={<code>{name}</code>} name={name} help={say("unknownHelp")} pointer={below(pointer, name)} value={property(value, name)} />)}
      {head === null && adding}
    </Stack>
  );
}

interface OneOfProps {
  readonly group: readonly string[];
  readonly path: string;
  readonly shape: ObjectShape;
  readonly pointer: string;
  readonly value: Json | undefined;
  readonly field: (name: string, bare: boolean) => ReactNode;
}

/** Exactly one of several: which one, and what it says. */
function OneOf({ group, path, shape, pointer, value, field }: OneOfProps): ReactNode {
  const say = useText(form);
  const store = useEditorStore();
  const write = useWrite();
  const chosen = chosenOf(group, value);
  const choose = (next: string | null) => {
    const own = next === null ? undefined : shape.has[next];
    if (next === null || !own) return;
    if (chosen === null) {
      write(below(pointer, next), startOf(own));
      return;
    }
    // The new one first, so that what holds them is never empty.
    store.getState().edit((source) => ({ source: written(written(source, pointer, below(pointer, next), startOf(own)), pointer, below(pointer, chosen), undefined) }));
  };
  const options = group.filter((name) => Object.hasOwn(shape.has, name));
  const part = chosen === null ? undefined : shape.has[chosen];
  // What was chosen is said by the choice; its fields need no frame with the same title.
  const bare = part !== undefined && ["object", "map", "list"].includes(resolved(part).t);
  return (
    <>
      <Options names={options} path={path} label={say("kind")} value={chosen} onChange={choose} />
      {chosen !== null && field(chosen, bare)}
    </>
  );
}

function Options({ names, path, label, value, onChange }: { names: readonly string[]; path: string; label: string; value: string | null; onChange: (name: string | null) => void }): ReactNode {
  const say = useText(form);
  const titles = useTitles(names, path);
  return <Select label={label} data={names.map((name, at) => ({ value: name, label: titles[at] ?? name }))} value={value} placeholder={say("choose")} allowDeselect={false} onChange={onChange} />;
}
