/** Several of one kind, in their order. */
import type { ReactNode } from "react";
import { moveItem } from "../../../../graph/document/items";
import { insertValue, setValue } from "../../../../graph/document/values";
import { isList } from "../../../../graph/json";
import { below } from "../../../../graph/pointer";
import { useEditorStore } from "../context";
import { Field, type FieldProps } from "./Field";
import { newAlert } from "./fields/alerts";
import { nameOf, startOf, type ListShape } from "./fields/grammar";
import { ItemActs, ItemsFrame } from "./ItemsFrame";
import { useLabel } from "./Label";
import { useWrite } from "./write";

export function ListField({ name, path, shape, pointer, value, where, bare = false }: Omit<FieldProps, "shape"> & { readonly shape: ListShape }): ReactNode {
  const store = useEditorStore();
  const write = useWrite();
  const words = useLabel(path, name);
  const items = isList(value) ? value : [];
  const add = () =>
    store.getState().edit((source) => {
      const item = nameOf(shape.of) === "alert" ? newAlert(items) : startOf(shape.of);
      return { source: items.length > 0 ? insertValue(source, pointer, items.length, item) : setValue(source, pointer, [item]) };
    });
  const up = (index: number) => store.getState().edit((source) => ({ source: moveItem(source, pointer, index, pointer, index - 1) }));
  return (
    <ItemsFrame words={words} name={name} bare={bare} onAdd={add}>
      {items.map((each, index) => (
        <div key={index} className="form-row" role="group" aria-label={`${words.title} ${index + 1}`}>
          <ItemActs name={String(index + 1)} onUp={index === 0 ? null : () => up(index)} onRemove={() => write(items.length === 1 ? pointer : below(pointer, index), undefined)} />
          <Field name={String(index + 1)} path={`${path}.*`} shape={shape.of} pointer={below(pointer, index)} value={each} where={where} bare />
        </div>
      ))}
    </ItemsFrame>
  );
}
