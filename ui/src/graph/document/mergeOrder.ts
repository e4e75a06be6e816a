/** Which children of three collections are the same, and in which order those of two people stand together. */
import { equal, isMap, property, type Json } from "../json";
import { changesOf } from "./changes";
import type { ListNode, MapNode, Node } from "./node";

export interface Keyed {
  readonly key: string;
  readonly node: Node;
  readonly index: number;
}

type Triple<T> = readonly [base: T, mine: T, theirs: T];

export interface Keys {
  /** Of the children of each collection, in their order; the same child has the same key in all of them. */
  readonly keys: Triple<readonly string[]>;
  /** Whether their order means something. */
  readonly ordered: boolean;
  /** Whether each child is a map whose one entry is the child: a task with its name. */
  readonly items: boolean;
}

/** Keys for the children of three collections of one kind; `null` when they cannot be told apart. */
export function keysOf(nodes: Triple<MapNode | ListNode | null>): Keys | null {
  if (nodes.every((node) => node === null || node.kind === "map")) {
    const names = nodes.map((node) => numbered((node as MapNode | null)?.entries.map(({ name }) => name) ?? []));
    return { keys: names as unknown as Triple<string[]>, ordered: false, items: false };
  }
  const lists = nodes.map((node) => (node?.kind === "list" ? node.items.map((item) => item.node.data) : []));
  const [base = [], mine = [], theirs = []] = lists;
  // A task, a case, a branch: its name is the only key of a map.
  if (lists.flat().every((data) => onlyKey(data) !== null)) {
    const names = (list: readonly Json[]) => numbered(list.map((data) => onlyKey(data) ?? ""));
    const before = names(base);
    const pairs = [mine, theirs].map((list) => renamed(before, base, names(list), list));
    return { keys: [before, pairs[0] ?? [], pairs[1] ?? []], ordered: true, items: true };
  }
  const named = lists.map((list) => list.map((data) => property(data, "name")));
  if (named.flat().every((name) => typeof name === "string")) {
    return { keys: named.map((list) => numbered(list as string[])) as unknown as Triple<string[]>, ordered: false, items: false };
  }
  if (base.length !== mine.length || base.length !== theirs.length) return null;
  const places = base.map((_, index) => String(index));
  return { keys: [places, places, places], ordered: true, items: false };
}

function onlyKey(data: Json | undefined): string | null {
  const names = isMap(data) ? Object.keys(data) : [];
  return names.length === 1 ? (names[0] ?? null) : null;
}

/** The same key twice is two keys: a document that is wrong keeps all that it says. */
function numbered(keys: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return keys.map((key) => {
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times > 1 ? `${key}#${times}` : key;
  });
}

/** The keys after an edit, where a child that has only another name keeps the key that it had. */
function renamed(before: readonly string[], base: readonly Json[], keys: readonly string[], list: readonly Json[]): string[] {
  const result = [...keys];
  const gone = before.map((key, index) => ({ key, index })).filter(({ key }) => !keys.includes(key));
  const fresh = new Set(keys.flatMap((key, index) => (before.includes(key) ? [] : [index])));
  const value = (data: Json | undefined) => (isMap(data) ? Object.values(data)[0] : undefined);
  for (const { key, index } of gone) {
    const same = [...fresh].find((each) => equal(value(list[each]), value(base[index])));
    const alike = fresh.has(index) && changesOf(value(base[index]), value(list[index])).length <= 1 ? index : undefined;
    const now = same ?? alike;
    if (now === undefined) continue;
    result[now] = key;
    fresh.delete(now);
  }
  return result;
}

export interface Slot {
  readonly keys: readonly string[];
  /** Others that want the same place; then `keys` are mine, and these theirs. */
  readonly against?: readonly string[];
}

/** The order of the children of both; `null` when both changed it differently and it means something. */
export function sequence<Each extends Keyed>(
  [base, mine, theirs]: Triple<readonly Each[]>,
  ordered: boolean,
  same: (one: Each, other: Each) => boolean,
): Slot[] | null {
  const before = new Map(base.map((each) => [each.key, each]));
  const kept = (own: readonly Each[], others: readonly Each[]) => {
    const theirKeys = new Set(others.map(({ key }) => key));
    // What the other took out is gone, unless it was changed here: then somebody has to say.
    return own.filter((each) => {
      const old = before.get(each.key);
      return theirKeys.has(each.key) || !old || !same(old, each);
    });
  };
  const one = kept(mine, theirs).map(({ key }) => key);
  const other = kept(theirs, mine).map(({ key }) => key);
  const common = one.filter((key) => other.includes(key));
  const commonOfOther = other.filter((key) => one.includes(key));
  const wasOrder = base.map(({ key }) => key).filter((key) => common.includes(key));
  const stayed = (order: readonly string[]) => order.filter((key) => before.has(key)).every((key, at) => key === wasOrder[at]);
  if (ordered && !stayed(common) && !stayed(commonOfOther) && common.some((key, at) => key !== commonOfOther[at])) return null;
  const order = stayed(common) ? commonOfOther : common;
  const groups = [groupsOf(one, new Set(common)), groupsOf(other, new Set(common))] as const;
  return ["", ...order].flatMap((key, at): Slot[] => {
    const own = groups[0].get(at === 0 ? null : key) ?? [];
    const others = groups[1].get(at === 0 ? null : key) ?? [];
    const slots: Slot[] = at === 0 ? [] : [{ keys: [key] }];
    if (own.length === 0 || others.length === 0) return [...slots, ...(own.length + others.length > 0 ? [{ keys: [...own, ...others] }] : [])];
    const fresh = [own, others].every((keys) => keys.every((each) => !before.has(each)));
    if (ordered && fresh) return [...slots, { keys: own, against: others }];
    const [first = [], second = []] = [own, others].sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
    return [...slots, { keys: [...first, ...second] }];
  });
}

/** What stands behind each of the common children, before the next of them; `null`: before the first. */
function groupsOf(keys: readonly string[], common: ReadonlySet<string>): Map<string | null, string[]> {
  const groups = new Map<string | null, string[]>();
  let behind: string | null = null;
  for (const key of keys) {
    if (common.has(key)) behind = key;
    else groups.set(behind, [...(groups.get(behind) ?? []), key]);
  }
  return groups;
}
