/** Lines one under the other; only those in view are drawn, and who looks at the last one goes on looking at the last one. */
import { useEffect, useRef, type CSSProperties, type ReactNode } from "react";
import { useRows } from "../rows";
import { timeOfDay } from "./time";
import "./lines.css";

// A link in each of them is to be hit: 24 is what WCAG 2.2 asks for (2.5.8). As in lines.css.
const LINE_HEIGHT = 24;

export interface Line {
  readonly number: number;
  /** Seconds since 1970. */
  readonly at: number;
  readonly stream: string;
  readonly text: string;
}

interface Props<L extends Line> {
  readonly lines: readonly L[];
  readonly label: string;
  readonly style: CSSProperties;
  /** Whether the newest line is what somebody opens it for. */
  readonly fromEnd?: boolean;
  /** What stands between a line's time and its text. */
  readonly before?: (line: L) => ReactNode;
}

export function LineLog<L extends Line>({ lines, label, style, fromEnd = false, before }: Props<L>): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const { viewport, first, end, atEnd } = useRows(lines.length, LINE_HEIGHT);
  const following = useRef(true);
  const began = useRef(false);
  useEffect(() => {
    following.current = atEnd;
  }, [atEnd]);
  const newest = lines.at(-1)?.number;
  useEffect(() => {
    const element = scroller.current;
    const follows = following.current || !began.current;
    if (element && follows && (fromEnd || element.scrollTop > 0)) element.scrollTop = element.scrollHeight;
    began.current = true;
  }, [newest, fromEnd]);
  return (
    <div
      className="lines"
      tabIndex={0}
      role="log"
      aria-label={label}
      style={style}
      ref={(element) => {
        scroller.current = element;
        viewport(element);
      }}
    >
      <div style={{ height: lines.length * LINE_HEIGHT, position: "relative", minWidth: "max-content" }}>
        {lines.slice(first, end).map((line, index) => (
          <div key={line.number} className="lines__row" data-stream={line.stream} style={{ top: (first + index) * LINE_HEIGHT }}>
            <span className="lines__time">{timeOfDay(line.at)}</span>
            {before?.(line)}
            <span className="lines__text">{line.text}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
