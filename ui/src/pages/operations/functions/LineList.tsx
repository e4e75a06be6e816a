/** Lines one under the other; only those in view are drawn, and who is at the end stays there. */
import { Anchor } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import { Link } from "wouter";
import { useText } from "../../../language/language";
import { useRows } from "../../executions/rows";
import { timeOfDay, type FunctionLine } from "./lines";
import { functions } from "./messages";
import "./lines.css";

// A link in each of them is to be hit: 24 is what WCAG 2.2 asks for (2.5.8). As in lines.css.
const LINE_HEIGHT = 24;

export function LineList({ lines, label }: { lines: readonly FunctionLine[]; label: string }): ReactNode {
  const say = useText(functions);
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
    // The newest line is what somebody opens it for.
    if (element && (following.current || !began.current)) element.scrollTop = element.scrollHeight;
    began.current = true;
  }, [newest]);
  return (
    <div
      className="function-lines"
      tabIndex={0}
      role="log"
      aria-label={label}
      ref={(element) => {
        scroller.current = element;
        viewport(element);
      }}
    >
      <div style={{ height: lines.length * LINE_HEIGHT, position: "relative", minWidth: "max-content" }}>
        {lines.slice(first, end).map((line, index) => (
          <div key={line.number} className="function-lines__row" data-stream={line.stream} style={{ top: (first + index) * LINE_HEIGHT }}>
            <span className="function-lines__time">{timeOfDay(line.at)}</span>
            {line.execution !== null && (
              <Anchor
                component={Link}
                href={`/executions/${encodeURIComponent(line.execution)}${line.run_id === null ? "" : `?run=${line.run_id}`}`}
                size="xs"
                aria-label={say("lineOf", { execution: line.execution })}
                title={say("lineOf", { execution: line.execution })}
              >
                →
              </Anchor>
            )}
            {line.stream === "host" && <span className="function-lines__host">{say("hostSays")}</span>}
            <span className="function-lines__text">{line.text}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
