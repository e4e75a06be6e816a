/**
 * The lines of ways: from the lower side of a box to the upper side of another, in right angles, around what
 * stands between them.
 */
import type { Box } from "./arrange";
import type { Point } from "./file";

/** A line to draw. Boxes are places on the canvas. */
export interface Wish {
  readonly id: string;
  readonly source: Box;
  readonly target: Box;
  /** Where it goes: onto the other box, or to the lower border of the one that it is in. */
  readonly to: "box" | "border";
  /** Whether something is written at it. */
  readonly written?: boolean;
  /** What stands around: the boxes of the same board. Both ends may be among them. */
  readonly around: readonly Box[];
}

export interface Route {
  /** The corners, from the source to the target. */
  readonly points: readonly Point[];
  /** The middle of what is written at it. */
  readonly label: Point;
}

/** Room between a line and what it passes. */
const CLEARANCE = 12;
/** How far a line goes on from its source before it turns, and comes straight into its target. */
const OUT = 16;
const IN = 22;
/** Between lines side by side. */
const APART = 8;
const PORT_APART = 28;
/** Of the places to pass at only the nearest are tried: where there are hundreds, one of them is free. */
const PASSAGES_MAX = 16;
const LABEL_HEIGHT = 24;
const LABEL_APART = 20;
/** As wide as a text can be. */
const LABEL_WIDTH = 170;

/** The routes of all lines. Those from one box leave it side by side, in the order of where they go. */
export function routesOf(wishes: readonly Wish[]): Map<string, Route> {
  const routes = new Map<string, Route>();
  const drawn: Drawn[] = [];
  for (const group of bySource(wishes)) {
    const ordered = [...group].sort((one, other) => middle(one.target) - middle(other.target) || one.target.y - other.target.y);
    const labels: Point[] = [];
    ordered.forEach((wish, index) => {
      const x = portOf(wish.source, index, ordered.length);
      const points = routed(wish, x, turnOf(wish, ordered, index, x), drawn);
      for (let at = 1; at < points.length; at += 1) {
        const from = points[at - 1];
        const to = points[at];
        if (from && to && from.x === to.x && at < points.length - 1) drawn.push({ x: from.x, top: Math.min(from.y, to.y), bottom: Math.max(from.y, to.y) });
      }
      const label = wish.written ? apart(labelOf(wish, ordered, points), labels) : labelAt(points);
      if (wish.written) labels.push(label);
      routes.set(wish.id, { points, label });
    });
  }
  return routes;
}

/** A vertical line that others should not run over. */
interface Drawn {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

function bySource(wishes: readonly Wish[]): Iterable<Wish[]> {
  const groups = new Map<Box, Wish[]>();
  for (const wish of wishes) {
    const group = groups.get(wish.source);
    if (group) group.push(wish);
    else groups.set(wish.source, [wish]);
  }
  return groups.values();
}

function middle({ x, width }: Box): number {
  return x + width / 2;
}

function portOf(box: Box, index: number, count: number): number {
  const apart = Math.min(PORT_APART, box.width / (count + 1));
  return middle(box) + (index - (count - 1) / 2) * apart;
}

/** How far down a line turns, so that those that turn the same way do not cross: the outermost turns first. */
function turnOf(wish: Wish, ordered: readonly Wish[], index: number, x: number): number {
  const left = middle(wish.target) < x;
  const before = left
    ? ordered.slice(0, index).filter((each) => middle(each.target) < x).length
    : ordered.slice(index + 1).filter((each) => middle(each.target) > x).length;
  return OUT + Math.min(before, 4) * (APART - 2);
}

function routed({ source, target, to, around }: Wish, x: number, turn: number, drawn: readonly Drawn[]): Point[] {
  const from: Point = { x, y: source.y + source.height };
  const border = to === "border";
  const end: Point = border
    ? { x: Math.min(Math.max(x, target.x + CLEARANCE), target.x + target.width - CLEARANCE), y: target.y + target.height }
    : { x: middle(target), y: target.y };
  const out = from.y + turn;
  const into = end.y - (border ? OUT / 2 : IN);
  const low = Math.min(from.y, into) - CLEARANCE;
  const high = Math.max(out, end.y) + CLEARANCE;
  const boxes = around.filter((box) => box.y < high && box.y + box.height > low);
  const free = (points: readonly Point[]) => isFree(points, boxes, source, border ? null : target);
  if (end.y > from.y) {
    const straight = [from, end];
    if (Math.abs(from.x - end.x) < 1 && free(straight)) return straight;
    if (into >= out) {
      const heights = end.y - from.y < 120 ? [out, into] : [into, out];
      for (const y of heights) {
        const bent = [from, { x: from.x, y }, { x: end.x, y }, end];
        const along = Math.min(end.y - y, y - from.y) > IN * 2;
        if (free(bent) && !(along && isTaken(bent, drawn))) return bent;
      }
    }
  }
  const passages = passagesOf(boxes, from, end);
  let second: Point[] | null = null;
  for (const passage of passages) {
    const points = [from, { x: from.x, y: out }, { x: passage, y: out }, { x: passage, y: into }, { x: end.x, y: into }, end];
    if (!free(points)) continue;
    if (!isTaken(points, drawn)) return points;
    second ??= points;
  }
  return second ?? [from, { x: from.x, y: out }, { x: end.x, y: out }, end];
}

/** Where a line may go down (or up) between boxes, the nearest first. */
function passagesOf(boxes: readonly Box[], from: Point, end: Point): number[] {
  const found = new Set<number>();
  for (const box of boxes) {
    for (let lane = 0; lane < 3; lane += 1) {
      found.add(box.x - CLEARANCE - lane * APART);
      found.add(box.x + box.width + CLEARANCE + lane * APART);
    }
  }
  const cost = (x: number) => Math.abs(x - from.x) + Math.abs(x - end.x);
  const ordered = [...found].sort((one, other) => cost(one) - cost(other) || one - other);
  const outside = ordered.length > PASSAGES_MAX ? [Math.min(...ordered), Math.max(...ordered)] : [];
  return [...ordered.slice(0, PASSAGES_MAX), ...outside];
}

/** Whether a line passes all boxes. At its ends it touches its own. */
function isFree(points: readonly Point[], boxes: readonly Box[], source: Box, target: Box | null): boolean {
  for (let at = 1; at < points.length; at += 1) {
    const one = points[at - 1];
    const other = points[at];
    if (!one || !other) continue;
    const left = Math.min(one.x, other.x);
    const right = Math.max(one.x, other.x);
    const top = Math.min(one.y, other.y);
    const bottom = Math.max(one.y, other.y);
    for (const box of boxes) {
      const own = box === source || box === target;
      // A line that leaves (or enters) its own box touches it there; everything else keeps away.
      const room = own ? -1 : CLEARANCE / 2;
      if (left < box.x + box.width + room && right > box.x - room && top < box.y + box.height + room && bottom > box.y - room) return false;
    }
  }
  return true;
}

function isTaken(points: readonly Point[], drawn: readonly Drawn[]): boolean {
  for (let at = 1; at < points.length - 1; at += 1) {
    const one = points[at - 1];
    const other = points[at];
    if (!one || !other || one.x !== other.x) continue;
    const top = Math.min(one.y, other.y);
    const bottom = Math.max(one.y, other.y);
    if (drawn.some((line) => Math.abs(line.x - one.x) < APART - 1 && line.top < bottom && line.bottom > top)) return true;
  }
  return false;
}

/** Where the text of a line stands; those of lines between the same boxes one below the other, in the middle. */
function labelOf(wish: Wish, ordered: readonly Wish[], points: readonly Point[]): Point {
  const { source, target, to } = wish;
  const own = labelAt(points);
  const same = ordered.filter((each) => each.written && each.target === target && each.to === to);
  const room = target.y - source.y - source.height;
  if (same.length < 2 || to === "border" || room < 0) return own;
  const lower = same.indexOf(wish) - (same.length - 1) / 2;
  return { x: own.x, y: source.y + source.height + Math.min(room / 2, LABEL_APART * same.length) + lower * LABEL_APART };
}

/** The place of a text below those that it would cover. */
function apart(label: Point, others: readonly Point[]): Point {
  let { y } = label;
  for (const other of [...others].sort((one, next) => one.y - next.y)) {
    if (Math.abs(other.x - label.x) < LABEL_WIDTH && Math.abs(other.y - y) < LABEL_APART) y = other.y + LABEL_APART;
  }
  return { x: label.x, y };
}

/** Where a text can be read best: on a vertical part that is this line's alone, near where it begins. */
function labelAt(points: readonly Point[]): Point {
  const parts = points.slice(1).map((to, at) => ({ from: points[at] ?? to, to }));
  const verticals = parts.filter(({ from, to }) => from.x === to.x && Math.abs(to.y - from.y) >= LABEL_HEIGHT);
  const best = verticals.length > 1 ? verticals[1] : (verticals[0] ?? parts[Math.floor(parts.length / 2)]);
  if (!best) return points[0] ?? { x: 0, y: 0 };
  const { from, to } = best;
  if (from.x !== to.x) return { x: (from.x + to.x) / 2, y: from.y };
  const length = to.y - from.y;
  const down = Math.sign(length) * Math.min(Math.abs(length) / 2, LABEL_HEIGHT * 1.25);
  return { x: from.x, y: from.y + down };
}

const ROUND = 8;

/** A route as an SVG path with round corners. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${first.x} ${first.y}`;
  let before = first;
  rest.forEach((point, at) => {
    const next = rest[at + 1];
    if (!next) {
      path += `L${point.x} ${point.y}`;
      return;
    }
    const round = Math.min(ROUND, distance(before, point) / 2, distance(point, next) / 2);
    const one = towards(point, before, round);
    const other = towards(point, next, round);
    path += `L${one.x} ${one.y}Q${point.x} ${point.y} ${other.x} ${other.y}`;
    before = point;
  });
  return path;
}

function distance(one: Point, other: Point): number {
  return Math.abs(one.x - other.x) + Math.abs(one.y - other.y);
}

function towards(from: Point, to: Point, by: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by };
}
