/** The state of an execution or a task run: an icon, a word, a colour; never a colour alone. */
import { Badge } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../language/language";
import { Icon, type IconName } from "./icons";
import { parts } from "./messages";

export const STATUSES = ["pending", "running", "waiting", "suspended", "completed", "faulted", "cancelled", "skipped"] as const;
export type StatusName = (typeof STATUSES)[number];

export const STATUS_ICONS: Record<StatusName, IconName> = {
  pending: "clock",
  running: "run",
  waiting: "clock",
  suspended: "pause",
  completed: "check",
  faulted: "cross",
  cancelled: "stop",
  skipped: "skip",
};

/** The colours of states, in the theme's words. */
export const STATUS_COLORS: Record<StatusName, string> = {
  pending: "gray",
  running: "blue",
  waiting: "violet",
  suspended: "orange",
  completed: "green",
  faulted: "red",
  cancelled: "gray",
  skipped: "gray",
};

export function Status({ status }: { status: StatusName }): ReactNode {
  const say = useText(parts);
  return (
    <Badge variant="light" color={STATUS_COLORS[status]} leftSection={<Icon name={STATUS_ICONS[status]} size={12} />} tt="none" fw={600}>
      {say(status)}
    </Badge>
  );
}
