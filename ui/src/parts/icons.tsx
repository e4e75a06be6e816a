/** The icons of the dashboard: strokes on a grid of 24, in the colour of the text. Hidden from readers. */
import type { ReactNode } from "react";

const PATHS = {
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  flow: "M5 4h6v4H5zM13 16h6v4h-6zM8 8v4h8v4",
  run: "M7 4l12 8-12 8z",
  queue: "M4 6h16M4 12h16M4 18h10",
  gauge: "M4 18a8 8 0 1 1 16 0M12 18l4-6",
  inbox: "M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4 4",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  check: "M5 13l4 4 10-10",
  cross: "M6 6l12 12M18 6L6 18",
  warning: "M12 4l9 16H3zM12 10v4M12 17v.5",
  clock: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4l3 2",
  pause: "M8 5v14M16 5v14",
  stop: "M6 6h12v12H6z",
  skip: "M5 5l8 7-8 7zM17 5v14",
  again: "M4 12a8 8 0 1 0 3-6M7 3v4h4",
  down: "M6 9l6 6 6-6",
  up: "M6 15l6-6 6 6",
  right: "M9 6l6 6-6 6",
  left: "M15 6l-6 6 6 6",
  swap: "M7 4L3 8l4 4M3 8h14M17 12l4 4-4 4M21 16H7",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5",
  globe: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  user: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21c0-5 16-5 16 0",
  menu: "M4 7h16M4 12h16M4 17h16",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  undo: "M9 7L4 12l5 5M4 12h11a5 5 0 0 1 0 10",
  redo: "M15 7l5 5-5 5M20 12H9a5 5 0 0 0 0 10",
  function: "M9 20c3 0 2-16 6-16M7 10h8",
  call: "M5 12h11M12 7l5 5-5 5M20 5v14",
  emit: "M4 12h8M9 8l4 4-4 4M15 6a8 8 0 0 1 0 12M18 3a12 12 0 0 1 0 18",
  listen: "M12 4a8 8 0 0 1 8 8M12 8a4 4 0 0 1 4 4M12 12v.5M6 6a9 9 0 0 0 12 12",
  loop: "M17 3l3 3-3 3M4 12V9a3 3 0 0 1 3-3h13M7 21l-3-3 3-3M20 12v3a3 3 0 0 1-3 3H4",
  fork: "M12 3v6M12 9c0 4-6 3-6 8v4M12 9c0 4 6 3 6 8v4",
  switch: "M12 3l8 9-8 9-8-9z",
  try: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z",
  raise: "M13 3L5 14h6l-1 7 8-11h-6z",
  code: "M9 7l-5 5 5 5M15 7l5 5-5 5",
  set: "M4 7h10M18 7h2M4 17h2M10 17h10M14 4v6M8 14v6",
  list: "M9 6h11M9 12h11M9 18h11M4 6v.5M4 12v.5M4 18v.5",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  arrange: "M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4",
  note: "M5 4h14v10l-5 6H5zM14 20v-6h5M8 8h8M8 12h5",
  alignLeft: "M4 4v16M8 7h11v3H8zM8 14h7v3H8z",
  alignCentre: "M12 4v16M6 7h12v3H6zM8 14h8v3H8z",
  alignRight: "M20 4v16M5 7h11v3H5zM9 14h7v3H9z",
  alignTop: "M4 4h16M7 8v11h3V8zM14 8v7h3V8z",
  alignMiddle: "M4 12h16M7 6v12h3V6zM14 8v8h3V8z",
  alignBottom: "M4 20h16M7 5v11h3V5zM14 9v7h3V9z",
  spreadAcross: "M4 4v16M20 4v16M10 8h4v8h-4z",
  spreadDown: "M4 4h16M4 20h16M8 10h8v4H8z",
  key: "M8 11a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM11 12l9-9M16 7l3 3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
