/** Two people's layouts to one: who moved what keeps it; of what both moved, mine stays; no note is lost. */
import { freeName } from "../document/flow";
import { withPoints, type LayoutFile, type Note, type Point } from "./file";

/** Put two layouts together that began with `base`. */
export function mergedLayout(base: LayoutFile, mine: LayoutFile, theirs: LayoutFile): LayoutFile {
  return {
    ...theirs,
    ...mine,
    nodes: mergedPoints(base.nodes, mine.nodes, theirs.nodes),
    collapsed: mergedSet(base.collapsed, mine.collapsed, theirs.collapsed),
    notes: mergedNotes(base.notes, mine.notes, theirs.notes),
  };
}

/** What was put somewhere by them and somewhere else by me: as they have it. */
export interface Overruled extends Pick<LayoutFile, "nodes" | "notes"> {
  /** Who saved theirs, where that is known. */
  readonly by?: string;
}

/** What `mergedLayout` decides for mine although they put it somewhere too; `null` where there is nothing of that. */
export function overruled(base: LayoutFile, mine: LayoutFile, theirs: LayoutFile, by: string | null = null): Overruled | null {
  const nodes = Object.entries(theirs.nodes).filter(([path, point]) => {
    const own = mine.nodes[path];
    return own !== undefined && !samePoint(own, point) && !samePoint(base.nodes[path], own) && !samePoint(base.nodes[path], point);
  });
  const before = new Map(base.notes.map((note) => [note.id, note]));
  const own = new Map(mine.notes.map((note) => [note.id, note]));
  // Of a note with two texts both are kept.
  const notes = theirs.notes.filter((note) => {
    const [old, kept] = [before.get(note.id), own.get(note.id)];
    return old !== undefined && kept !== undefined && kept.text === note.text && !same(old, note) && !same(old, kept) && !same(kept, note);
  });
  return nodes.length + notes.length > 0 ? { nodes: Object.fromEntries(nodes), notes, ...(by === null ? {} : { by }) } : null;
}

/** A layout with what was overruled as they have it, where it still is. */
export function yielded(layout: LayoutFile, { nodes, notes }: Overruled): LayoutFile {
  const theirs = new Map(notes.map((note) => [note.id, note]));
  return { ...withPoints(layout, nodes), notes: layout.notes.map((note) => ({ ...note, ...theirs.get(note.id), text: note.text })) };
}

type Points = Readonly<Record<string, Point>>;

function mergedPoints(base: Points, mine: Points, theirs: Points): Points {
  const result: Record<string, Point> = {};
  for (const path of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const point = samePoint(base[path], mine[path]) ? theirs[path] : mine[path];
    if (point) result[path] = point;
  }
  return result;
}

function samePoint(one: Point | undefined, other: Point | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && Math.round(one.x) === Math.round(other.x) && Math.round(one.y) === Math.round(other.y));
}

function mergedSet(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const kept = mine.filter((each) => !base.includes(each) || theirs.includes(each));
  return [...kept, ...theirs.filter((each) => !base.includes(each) && !mine.includes(each))];
}

/** How far a note is put from the one that it would cover. */
const BESIDE = 24;

function mergedNotes(base: readonly Note[], mine: readonly Note[], theirs: readonly Note[]): Note[] {
  const before = new Map(base.map((note) => [note.id, note]));
  const others = new Map(theirs.map((note) => [note.id, note]));
  const ids = new Set([...mine, ...theirs].map(({ id }) => id));
  const result: Note[] = [];
  for (const note of mine) {
    const old = before.get(note.id);
    const other = others.get(note.id);
    others.delete(note.id);
    if (old && same(old, note)) {
      // Theirs, or gone with them.
      if (other) result.push(other);
      continue;
    }
    result.push(note);
    if (!other || (old && same(old, other)) || other.text === note.text) continue;
    const id = freeName(other.id, ids);
    ids.add(id);
    result.push({ ...other, id, x: other.x + BESIDE, y: other.y + BESIDE });
  }
  for (const note of others.values()) {
    const old = before.get(note.id);
    // Taken out here: gone, unless they went on writing it.
    if (!old || !same(old, note)) result.push(note);
  }
  return result;
}

function same(one: Note, other: Note): boolean {
  return samePoint(one, other) && one.text === other.text && one.width === other.width && one.height === other.height;
}
