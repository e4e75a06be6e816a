/** Alerts: who is told of what, what is quiet, what was sent. */
import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { FlowRules } from "./FlowRules";
import { Notifications } from "./Notifications";
import { Rules } from "./Rules";
import { Silences } from "./Silences";

export function Alerts(): ReactNode {
  return (
    <Stack gap="xl">
      <Rules />
      <FlowRules />
      <Silences />
      <Notifications />
    </Stack>
  );
}
