/** A place that fills: shows nothing for a moment, so that what comes at once does not flicker. */
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { useText } from "../language/language";
import { parts } from "./messages";

const PATIENCE_MS = 200;

export function Loading({ lines = 6, height = 28 }: { lines?: number; height?: number }): ReactNode {
  const say = useText(parts);
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <Stack gap="xs" aria-busy="true" mih={lines * (height + 10)}>
      <VisuallyHidden role="status">{say("loading")}</VisuallyHidden>
      {late && Array.from({ length: lines }, (_, line) => <Skeleton key={line} height={height} radius="sm" />)}
    </Stack>
  );
}
