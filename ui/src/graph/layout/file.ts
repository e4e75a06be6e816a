/**
 * `layout.json`: where nodes were put by hand, what is collapsed, and notes. It stands beside the definition,
 * so that the definition says nothing of pictures.
 */
import { isList, isMap, property, type Json } from "../json";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Note extends Point {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly text: string;
}

export interface LayoutFile {
  /** By path of names; relative to what the node is drawn in. */
  readonly nodes: Readonly<Record<string, Point>>;
  /** Paths of the containers whose inside is not shown. */
  readonly collapsed: readonly string[];
  readonly notes: readonly Note[];
}

export const NO_LAYOUT: LayoutFile = { nodes: {}, collapsed: [], notes: [] };

/** Read a layout; what is no layout counts as absent, because a picture is not worth an error. */
export function readLayout(data: Json | undefined): LayoutFile {
  const nodes: Record<string, Point> = {};
  const written = property(data, "nodes");
  if (isMap(written)) {
    for (const [path, value] of Object.entries(written)) {
      const point = pointOf(value);
      if (point) nodes[path] = point;
    }
  }
  const collapsed = property(data, "collapsed");
  const notes = property(data, "notes");
  return {
    nodes,
    collapsed: isList(collapsed) ? collapsed.filter((each) => typeof each === "string") : [],
    notes: isList(notes) ? notes.flatMap(noteOf) : [],
  };
}

/** The layout as data, keys in order, so that two people's layouts differ only where they differ. */
export function writeLayout(layout: LayoutFile): Json {
  const nodes = Object.keys(layout.nodes)
    .sort()
    .flatMap((path): [string, Json][] => {
      const point = layout.nodes[path];
      return point ? [[path, { x: Math.round(point.x), y: Math.round(point.y) }]] : [];
    });
  return {
    version: 1,
    nodes: Object.fromEntries(nodes),
    collapsed: [...layout.collapsed].sort(),
    notes: layout.notes.map(({ id, x, y, width, height, text }) => ({ id, x, y, width, height, text })),
  };
}

function pointOf(value: Json | undefined): Point | null {
  const x = property(value, "x");
  const y = property(value, "y");
  return typeof x === "number" && typeof y === "number" && Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
}

function noteOf(value: Json): Note[] {
  const point = pointOf(value);
  const id = property(value, "id");
  const text = property(value, "text");
  const width = property(value, "width");
  const height = property(value, "height");
  if (!point || typeof id !== "string" || typeof text !== "string") return [];
  const size = (given: Json | undefined, otherwise: number) => (typeof given === "number" && given > 0 ? given : otherwise);
  return [{ ...point, id, text, width: size(width, 220), height: size(height, 100) }];
}

/** Put nodes at points, by path. */
export function withPoints(layout: LayoutFile, points: Readonly<Record<string, Point>>): LayoutFile {
  return { ...layout, nodes: { ...layout.nodes, ...points } };
}

/** Let nodes go, so that they are arranged by themselves: those given, or all. */
export function withoutPoints(layout: LayoutFile, paths?: Iterable<string>): LayoutFile {
  if (!paths) return { ...layout, nodes: {} };
  const gone = new Set(paths);
  return { ...layout, nodes: Object.fromEntries(Object.entries(layout.nodes).filter(([path]) => !gone.has(path))) };
}

/** Put a note, in the place of the one with its id. */
export function withNote(layout: LayoutFile, note: Note): LayoutFile {
  const at = layout.notes.findIndex(({ id }) => id === note.id);
  return { ...layout, notes: at < 0 ? [...layout.notes, note] : layout.notes.with(at, note) };
}

export function withoutNotes(layout: LayoutFile, ids: ReadonlySet<string>): LayoutFile {
  return { ...layout, notes: layout.notes.filter(({ id }) => !ids.has(id)) };
}

export function withCollapsed(layout: LayoutFile, path: string, collapsed: boolean): LayoutFile {
  const others = layout.collapsed.filter((each) => each !== path);
  return { ...layout, collapsed: collapsed ? [...others, path] : others };
}

/**
 * The layout after an edit: `paths` says where each path went that did not stay; `gone` are those that are no
 * more. A node that went into another container is arranged anew there, what is in it stays as it was.
 */
export function carried(layout: LayoutFile, paths: ReadonlyMap<string, string>, gone: ReadonlySet<string>): LayoutFile {
  if (paths.size === 0 && gone.size === 0) return layout;
  const nodes: Record<string, Point> = {};
  for (const [path, point] of Object.entries(layout.nodes)) {
    const base = nearest(path, (each) => paths.has(each) || gone.has(each));
    const now = base === null ? path : paths.get(base);
    if (now === undefined) continue;
    const elsewhere = path === base && containerOf(now) !== containerOf(base);
    if (!elsewhere) nodes[now + path.slice((base ?? path).length)] = point;
  }
  const collapsed = layout.collapsed.flatMap((path) => {
    const base = nearest(path, (each) => paths.has(each) || gone.has(each));
    if (base === null) return [path];
    const now = paths.get(base);
    return now === undefined ? [] : [now + path.slice(base.length)];
  });
  return { ...layout, nodes, collapsed };
}

function containerOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The path itself, or the innermost one above it, that is `wanted`. */
function nearest(path: string, wanted: (path: string) => boolean): string | null {
  for (let each = path; each !== ""; each = containerOf(each)) if (wanted(each)) return each;
  return null;
}
