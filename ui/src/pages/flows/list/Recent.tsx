/** The last executions of a flow as bars: height is duration, colour and shape are status, each leads to its execution. */
import "./list.css";
import { Tooltip, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText } from "../../../language/language";
import { useNow } from "../../../parts/Ago";
import { parts } from "../../../parts/messages";
import { barHeights, type ExecutionBrief } from "./activity";
import { list } from "./messages";

const HEIGHT = 32;

export function Recent({ name, recent }: { name: string; recent: readonly ExecutionBrief[] }): ReactNode {
  const say = useText(list);
  const sayStatus = useText(parts);
  const format = useFormat();
  const now = useNow();
  if (recent.length === 0) return <span className="flow-bars__none">{say("neverRan")}</span>;
  const failed = recent.filter(({ status }) => status === "faulted").length;
  return (
    <div className="flow-bars" role="group" aria-label={say("recent", { name })}>
      <VisuallyHidden>{say("recentWords", { count: recent.length, failed })}</VisuallyHidden>
      {barHeights(recent).map(({ execution, height }, at) => {
        const words = `${sayStatus(execution.status)}, ${format.duration(execution.duration_seconds)}, ${format.ago(execution.created_at, Math.max(now, execution.created_at))}`;
        return (
          <Tooltip key={execution.id} label={words} withinPortal>
            <Link
              href={`/executions/${encodeURIComponent(execution.id)}`}
              className="flow-bars__bar"
              aria-label={words}
              // One stop for the keyboard per flow: the newest; the others are on the page of executions.
              tabIndex={at === recent.length - 1 ? 0 : -1}
            >
              <span data-status={execution.status} style={{ height: Math.round(height * HEIGHT) }} />
            </Link>
          </Tooltip>
        );
      })}
    </div>
  );
}
