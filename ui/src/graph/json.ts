/** JSON data as it is read from a definition. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export type JsonMap = { readonly [name: string]: Json };

export function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The property `name` of a map that it has itself; `undefined` for anything else. */
export function property(value: unknown, name: string): Json | undefined {
  return isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Whether two values mean the same: the order of keys does not count. */
export function equal(one: Json | undefined, other: Json | undefined): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one === "number" && typeof other === "number") return one === other;
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((each, index) => equal(each, other[index]));
  }
  if (isMap(one) && isMap(other)) {
    const names = Object.keys(one);
    return (
      names.length === Object.keys(other).length &&
      names.every((name) => Object.hasOwn(other, name) && equal(one[name], other[name]))
    );
  }
  return false;
}

/** A map with `name` set, in the place that it had. Safe for any name, `__proto__` too. */
export function withProperty(map: JsonMap, name: string, value: Json): JsonMap {
  const copy = { ...map };
  define(copy, name, value);
  return copy;
}

/** Set an own property, whatever its name. */
export function define(map: { [name: string]: Json }, name: string, value: Json): void {
  if (name === "__proto__") {
    Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    map[name] = value;
  }
}
