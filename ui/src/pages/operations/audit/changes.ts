/** What differs between the data before and after a change, by place. Pure. */

export interface Change {
  /** A JSON pointer; empty for the whole. */
  readonly pointer: string;
  readonly before: unknown;
  readonly after: unknown;
}

export function changesOf(before: unknown, after: unknown): readonly Change[] {
  const found: Change[] = [];
  compare(before ?? undefined, after ?? undefined, "", found);
  return found;
}

function compare(before: unknown, after: unknown, pointer: string, found: Change[]): void {
  if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, found);
    }
  } else if (JSON.stringify(before) !== JSON.stringify(after)) {
    // Of what was added or taken away as a whole, each member is a line of its own.
    const whole = isObject(before ?? {}) && isObject(after ?? {}) ? (before ?? after ?? {}) : {};
    if (Object.keys(whole).length > 0) compare(before ?? {}, after ?? {}, pointer, found);
    else found.push({ pointer, before, after });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
