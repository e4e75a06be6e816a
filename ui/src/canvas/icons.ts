/** Which icon stands for which kind of node. */
import type { TaskKind } from "../graph/document/flow";
import type { GraphNode } from "../graph/model/graph";
import type { IconName } from "../parts/icons";

export const TASK_ICONS: Record<TaskKind, IconName> = {
  call: "call",
  do: "list",
  emit: "emit",
  for: "loop",
  fork: "fork",
  listen: "listen",
  raise: "raise",
  run: "code",
  set: "set",
  switch: "switch",
  try: "try",
  wait: "clock",
};

export function iconOf(node: GraphNode): IconName {
  if (node.kind === "trigger" || node.kind === "schedule") return node.trigger === "cron" || node.trigger === "interval" || node.kind === "schedule" ? "clock" : "run";
  return node.task === null ? "warning" : TASK_ICONS[node.task];
}
