/** Named things in their order, a list of maps with one name each: `use.extensions`. */
import { Group, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { freeName } from "../../../../graph/document/flow";
import { moveItem } from "../../../../graph/document/items";
import { insertValue, renameEntry, setValue } from "../../../../graph/document/values";
import { isList, isMap, type Json } from "../../../../graph/json";
import { below } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { useEditorStore } from "../context";
import type { FieldProps } from "./Field";
import { resolved, startOf, type EntriesShape } from "./fields/grammar";
import { ItemActs, ItemsFrame } from "./ItemsFrame";
import { useLabel } from "./Label";
import { form } from "./messages";
import { ObjectFields } from "./ObjectFields";
import { useTyped } from "./typed";
import { useWrite } from "./write";
import { YamlField } from "./YamlField";

type Props = Omit<FieldProps, "shape"> & { readonly shape: EntriesShape };

export function EntriesField({ name, path, shape, pointer, value, where }: Props): ReactNode {
  const store = useEditorStore();
  const write = useWrite();
  const words = useLabel(path, name);
  const items = isList(value) ? value : [];
  const names = items.map(nameIn);
  const taken = names.filter((each) => each !== null);
  const add = () => {
    const entry = { [freeName(shape.noun, taken)]: startOf(shape.of) };
    store.getState().edit((source) => ({ source: items.length > 0 ? insertValue(source, pointer, items.length, entry) : setValue(source, pointer, [entry]) }));
  };
  return (
    <ItemsFrame words={words} name={name} onAdd={add}>
      {items.map((each, index) => (
        <Entry
          key={index}
          name={names[index] ?? null}
          taken={taken}
          item={each}
          pointer={below(pointer, index)}
          shape={shape}
          where={where}
          onUp={index === 0 ? null : () => store.getState().edit((source) => ({ source: moveItem(source, pointer, index, pointer, index - 1) }))}
          onRemove={() => write(items.length === 1 ? pointer : below(pointer, index), undefined)}
        />
      ))}
    </ItemsFrame>
  );
}

interface EntryProps {
  /** Null where the item is no map of one name: it is edited as it is written. */
  readonly name: string | null;
  readonly taken: readonly string[];
  readonly item: Json;
  readonly pointer: string;
  readonly shape: EntriesShape;
  readonly where: FieldProps["where"];
  readonly onUp: (() => void) | null;
  readonly onRemove: () => void;
}

function Entry({ name, taken, item, pointer, shape, where, onUp, onRemove }: EntryProps): ReactNode {
  const say = useText(form);
  const store = useEditorStore();
  const [typed, setTyped] = useTyped(`${pointer}#name`, name ?? "");
  const shown = name ?? shape.noun;
  const wanted = typed.trim();
  const wrong = wanted !== name && (wanted === "" || taken.includes(wanted));
  const place = name === null ? pointer : below(pointer, name);
  const fields = resolved(shape.of);
  const rename = () => {
    if (!wrong && wanted !== name) store.getState().edit((source) => ({ source: renameEntry(source, place, wanted) }));
  };
  return (
    <div className="form-row" role="group" aria-label={shown}>
      <Group gap={4} wrap="nowrap" justify="space-between">
        <TextInput
          variant="unstyled"
          size="xs"
          className="form-row__name"
          aria-label={say("nameOf", { name: shown })}
          value={typed}
          error={wrong && say("nameWrong", { name: shown })}
          disabled={name === null}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={rename}
          onKeyDown={(event) => {
            if (event.key === "Enter") rename();
            if (event.key === "Escape") setTyped(name ?? "");
          }}
        />
        <ItemActs name={shown} onUp={onUp} onRemove={onRemove} />
      </Group>
      {name !== null && fields.t === "object" && isMap(item) ? (
        <ObjectFields of={shape.noun} path={shape.noun} shape={fields} pointer={place} value={item[name]} where={where} />
      ) : (
        <YamlField label={null} name={shown} help={say("unknownHelp")} pointer={pointer} value={item} />
      )}
    </div>
  );
}

/** The one name of an item; null for an item that is no map of one. */
function nameIn(item: Json): string | null {
  const names = isMap(item) ? Object.keys(item) : [];
  return names.length === 1 ? (names[0] ?? null) : null;
}
