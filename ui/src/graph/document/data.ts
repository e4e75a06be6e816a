/** Edits of plain data: what an edit of the text must come to. */
import { define, isList, isMap, withProperty, type Json } from "../json";
import { segments } from "../pointer";

/** The data with the value at `pointer` replaced by what `change` makes of it (`undefined`: nothing there). */
export function changedAt(data: Json, pointer: string, change: (value: Json | undefined) => Json | undefined): Json {
  const result = changed(data, segments(pointer), 0, change);
  return result === undefined ? null : result;
}

function changed(
  value: Json | undefined,
  names: readonly string[],
  depth: number,
  change: (value: Json | undefined) => Json | undefined,
): Json | undefined {
  const name = names[depth];
  if (name === undefined) return change(value);
  if (isList(value)) {
    const index = Number(name);
    const child = changed(value[index], names, depth + 1, change);
    return child === undefined ? value.filter((_, at) => at !== index) : value.with(index, child);
  }
  const map = isMap(value) ? value : {};
  const child = changed(Object.hasOwn(map, name) ? map[name] : undefined, names, depth + 1, change);
  return child === undefined ? without(map, name) : withProperty(map, name, child);
}

export function without(map: { readonly [name: string]: Json }, name: string): Json {
  const rest: { [name: string]: Json } = {};
  for (const [each, value] of Object.entries(map)) if (each !== name) define(rest, each, value);
  return rest;
}

export function inserted(list: readonly Json[], index: number, value: Json): Json {
  return list.toSpliced(index, 0, value);
}
