/** Long lists: only the rows in sight are drawn. All rows are of one height, so that a place is a number. */
import { useCallback, useEffect, useState } from "react";

/** Rows that are drawn above and below what is in sight, so that scrolling shows no gaps. */
const SPARE_ROWS = 12;

export interface Rows {
  /** The first row to draw, and the one behind the last. */
  readonly first: number;
  readonly end: number;
}

/** Which of `count` rows to draw where `seen` pixels from `top` are in sight. */
export function rowsInSight(count: number, height: number, top: number, seen: number): Rows {
  const first = Math.max(0, Math.min(Math.floor(top / height) - SPARE_ROWS, count));
  const end = Math.min(count, Math.ceil((top + seen) / height) + SPARE_ROWS);
  return { first, end: Math.max(first, end) };
}

export interface RowsInSight extends Rows {
  /** For the element that scrolls. */
  readonly viewport: (element: HTMLElement | null) => void;
  readonly atTop: boolean;
  /** Whether the last row is drawn. */
  readonly atEnd: boolean;
  /** Bring a row into sight. */
  readonly show: (row: number) => void;
  /** Keep what is in sight where it is when rows came in above it. */
  readonly shift: (rows: number) => void;
}

const FIRST_SEEN_PX = 900;

/** Follow what is in sight of an element that scrolls over `count` rows of `height` pixels. */
export function useRows(count: number, height: number): RowsInSight {
  const [element, viewport] = useState<HTMLElement | null>(null);
  const [sight, setSight] = useState({ top: 0, seen: FIRST_SEEN_PX });
  useEffect(() => {
    if (!element) return undefined;
    const look = () => setSight({ top: element.scrollTop, seen: element.clientHeight });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [element]);
  const show = useCallback(
    (row: number) => {
      if (!element) return;
      const top = row * height;
      const inSight = top >= element.scrollTop && top + height * 2 <= element.scrollTop + element.clientHeight;
      if (!inSight) element.scrollTo({ top: Math.max(0, top - element.clientHeight / 3) });
    },
    [element, height],
  );
  const shift = useCallback(
    (rows: number) => {
      if (element && element.scrollTop > 0) element.scrollBy({ top: rows * height });
    },
    [element, height],
  );
  const rows = rowsInSight(count, height, sight.top, sight.seen);
  return { ...rows, viewport, atTop: sight.top < height, atEnd: rows.end >= count, show, shift };
}
