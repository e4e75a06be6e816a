/** Which values differ between two data. */
import { equal, isList, isMap, type Json, type JsonMap } from "../json";
import { below } from "../pointer";

/** One value that differs. `pointer` is in the document (or the task) that it is about. */
export interface Change {
  readonly pointer: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The values that differ, each named by its pointer; lists of equal length are compared item by item. */
export function changesOf(before: Json | undefined, after: Json | undefined, pointer = ""): Change[] {
  if (equal(before, after)) return [];
  if (isMap(before) && isMap(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => changesOf(own(before, name), own(after, name), below(pointer, name)));
  }
  if (isList(before) && isList(after) && before.length === after.length) {
    return before.flatMap((value, index) => changesOf(value, after[index], below(pointer, index)));
  }
  return [{ pointer, before, after }];
}

function own(map: JsonMap, name: string): Json | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
