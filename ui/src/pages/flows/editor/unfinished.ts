/** What is typed into fields and not taken yet: it stays while other things are looked at, until it is taken or thrown away. */
import { equal, type Json } from "../../../graph/json";
import { within } from "../../../graph/pointer";

/** A field: the path of what its form is of, which stays when tasks move, and where it is in there. */
export interface Place {
  readonly path: string;
  readonly field: string;
}

interface Kept extends Place {
  /** The value that it was typed over. */
  readonly of: unknown;
  readonly typed: unknown;
}

export class Unfinished {
  private kept = new Map<string, Kept>();

  /** What was typed at a place; `undefined` where nothing was, or another value than `of` has come there since. */
  at<T>(place: Place, of: T): T | undefined {
    const found = this.kept.get(keyOf(place));
    return found && same(found.of, of) ? (found.typed as T) : undefined;
  }

  /** Whether something was typed at a field or inside of it. */
  isIn({ path, field }: Place): boolean {
    return [...this.kept.values()].some((each) => each.path === path && (within(each.field, field) || each.field.startsWith(`${field}#`)));
  }

  /** Keep what is typed over `of`; what says the same is finished. */
  keep(place: Place, of: unknown, typed: unknown): void {
    if (same(of, typed)) this.kept.delete(keyOf(place));
    else this.kept.set(keyOf(place), { ...place, of, typed });
  }

  /** Go along with tasks that have other paths now, and what is in them. */
  follow(paths: ReadonlyMap<string, string>): void {
    if (paths.size === 0 || this.kept.size === 0) return;
    const moved = [...this.kept.values()].map((each) => ({ ...each, path: followed(each.path, paths) }));
    this.kept = new Map(moved.map((each) => [keyOf(each), each]));
  }
}

function followed(path: string, paths: ReadonlyMap<string, string>): string {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    const now = paths.get(path.slice(0, end));
    if (now !== undefined) return now + path.slice(end);
  }
  return path;
}

function keyOf({ path, field }: Place): string {
  return JSON.stringify([path, field]);
}

function same(one: unknown, other: unknown): boolean {
  return equal(one as Json, other as Json);
}
