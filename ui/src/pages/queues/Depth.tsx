/** How what is in a queue divides into states, as a bar. */
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { queues } from "./messages";

const COLORS = { ready: "blue", leased: "green", delayed: "violet", dead: "red" } as const;
const STATES = ["ready", "leased", "delayed", "dead"] as const;

export function Depth({ queue }: { queue: Readonly<Record<(typeof STATES)[number], number>> }): ReactNode {
  const say = useText(queues);
  const { ready, leased, delayed, dead } = queue;
  return (
    <div
      role="img"
      aria-label={say("depth", { ready, leased, delayed, dead })}
      title={say("depth", { ready, leased, delayed, dead })}
      style={{ display: "flex", gap: 1, height: 8, borderRadius: 4, overflow: "hidden", background: "var(--mantine-color-default-border)" }}
    >
      {STATES.filter((state) => queue[state] > 0).map((state) => (
        <span key={state} style={{ flexGrow: queue[state], minWidth: 4, background: `var(--mantine-color-${COLORS[state]}-filled)` }} />
      ))}
    </div>
  );
}
