/** JSON Pointers (RFC 6901): how tasks and properties are named everywhere. */
import { isList, isMap, type Json } from "./json";

export function escape(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

export function unescape(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** The names of a pointer, from the root. Throws `RangeError` for what is none. */
export function segments(pointer: string): string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw new RangeError(`\`${pointer}\` is no JSON Pointer`);
  return pointer.slice(1).split("/").map(unescape);
}

export function pointerOf(names: readonly (string | number)[]): string {
  return names.map((name) => `/${escape(String(name))}`).join("");
}

/** The pointer below `base`. */
export function below(base: string, ...names: (string | number)[]): string {
  return base + pointerOf(names);
}

/** The pointer of what holds the value, and the name of the value in it. */
export function split(pointer: string): { parent: string; name: string } {
  const at = pointer.lastIndexOf("/");
  if (at < 0) throw new RangeError("the whole document has no parent");
  return { parent: pointer.slice(0, at), name: unescape(pointer.slice(at + 1)) };
}

/** Whether `pointer` is `base` or stands below it. */
export function within(pointer: string, base: string): boolean {
  return pointer === base || pointer.startsWith(base + "/");
}

/** The value at a pointer; `undefined` when there is none. */
export function valueAt(data: Json | undefined, pointer: string): Json | undefined {
  let value: Json | undefined = data;
  for (const name of segments(pointer)) {
    if (isList(value)) value = /^(0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
    else if (isMap(value)) value = Object.hasOwn(value, name) ? value[name] : undefined;
    else return undefined;
  }
  return value;
}
