/** The last executions of a flow as bars: height is duration, colour and shape are status, each leads to its execution. */
import "./list.css";
import { Tooltip, VisuallyHidden } from "@mantine/core";
import { useState, type KeyboardEvent, type ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText } from "../../../language/language";
import { useNow } from "../../../parts/Ago";
import { parts } from "../../../parts/messages";
import { placeOf } from "../../executions/data";
import { barAfter, barHeights, type ExecutionBrief } from "./activity";
import { list } from "./messages";

const HEIGHT = 32;

export function Recent({ name, recent }: { name: string; recent: readonly ExecutionBrief[] }): ReactNode {
  const say = useText(list);
  const sayStatus = useText(parts);
  const format = useFormat();
  const now = useNow();
  // The execution that the keyboard was on; new ones that come do not move it.
  const [left, setLeft] = useState<string | null>(null);
  if (recent.length === 0) return <span className="flow-bars__none">{say("neverRan")}</span>;
  const failed = recent.filter(({ status }) => status === "faulted").length;
  const bars = barHeights(recent);
  const stop = bars.findIndex(({ execution }) => execution.id === left);
  // One stop for the keyboard per flow: where it was left, or the newest; arrows go from bar to bar.
  const current = stop < 0 ? bars.length - 1 : stop;
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const next = barAfter(event.key, current, bars.length);
    if (next === null || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.currentTarget.querySelectorAll("a")[next]?.focus();
  };
  return (
    <div className="flow-bars" role="group" aria-label={say("recent", { name })} onKeyDown={move}>
      <VisuallyHidden>{say("recentWords", { count: recent.length, failed })}</VisuallyHidden>
      {bars.map(({ execution, height }, at) => {
        const words = `${sayStatus(execution.status)}, ${format.duration(execution.duration_seconds)}, ${format.ago(execution.created_at, Math.max(now, execution.created_at))}`;
        return (
          <Tooltip key={execution.id} label={words} events={{ hover: true, focus: true, touch: false }} withinPortal>
            <Link
              href={placeOf(execution.id)}
              className="flow-bars__bar"
              aria-label={words}
              tabIndex={at === current ? 0 : -1}
              onFocus={() => setLeft(execution.id)}
            >
              <span data-status={execution.status} style={{ height: Math.round(height * HEIGHT) }} />
            </Link>
          </Tooltip>
        );
      })}
    </div>
  );
}
