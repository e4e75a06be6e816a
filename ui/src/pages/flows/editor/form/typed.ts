/** What is typed into a field, until it is taken. */
import { createContext, useContext, useEffect, useState } from "react";
import type { Json } from "../../../../graph/json";
import { equal } from "../../../../graph/json";
import { within } from "../../../../graph/pointer";
import { useEditorStore } from "../context";
import type { Place } from "../unfinished";

/** What the form is of: where it stands in the text, and its path, which stays when tasks move. */
export interface Owner {
  readonly place: string;
  readonly path: string;
}

export const OwnerContext = createContext<Owner>({ place: "", path: "" });

/** A field of the form by its pointer in the text; `#` and a word behind it for what is typed there beside the value. */
export function usePlace(field: string): Place {
  return placeIn(useContext(OwnerContext), field);
}

/** Whether something is typed and not taken at fields, or inside of them; asked when their form is made. */
export function useUnfinished(): (field: string) => boolean {
  const { unfinished } = useEditorStore().getState();
  const owner = useContext(OwnerContext);
  return (field) => unfinished.isIn(placeIn(owner, field));
}

function placeIn({ place, path }: Owner, field: string): Place {
  // What stands elsewhere (a function that is called) is named by where it stands.
  return place !== "" && within(field, place) ? { path, field: field.slice(place.length) } : { path: "", field };
}

/**
 * What is typed at a field over its value. It is kept with the editor while the field is not shown; a new value from
 * outside goes before.
 */
export function useTyped<T>(field: string, value: T): [T, (next: T) => void] {
  const { unfinished } = useEditorStore().getState();
  const place = usePlace(field);
  const key = `${place.path} ${place.field}`;
  const [state, setState] = useState(() => ({ key, value, typed: unfinished.at(place, value) ?? value }));
  const stays = equal(state.value as Json, value as Json);
  const current = stays && state.key === key ? state : { key, value, typed: unfinished.at(place, value) ?? (stays ? state.typed : value) };
  if (current !== state) setState(current);
  const { typed } = current;
  useEffect(() => unfinished.keep(place, value, typed));
  return [typed, (next) => setState({ key, value, typed: next })];
}
