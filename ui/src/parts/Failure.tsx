/** What went wrong, and what to do about it. */
import { Alert, Button, Code, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ApiProblem, isUnreachable } from "../client/api";
import { useText } from "../language/language";
import { Icon } from "./icons";
import { parts } from "./messages";

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }): ReactNode {
  const say = useText(parts);
  const problem = error instanceof ApiProblem ? error : null;
  const unreachable = isUnreachable(error);
  const changed = problem?.status === 412;
  const title = unreachable ? say("unreachable") : changed ? say("changedMeanwhile") : say("failed");
  const remedy = unreachable ? say(onRetry ? "unreachableRemedy" : "unreachableAct") : changed ? say("changedRemedy") : problem?.status === 404 ? say("missingRemedy") : (problem?.remedy ?? "");
  return (
    <Alert color="red" variant="light" role="alert" title={title} icon={<Icon name="warning" />}>
      <Stack gap="xs" align="flex-start">
        {!unreachable && <Text size="sm">{error instanceof Error ? error.message : String(error)}</Text>}
        {remedy && <Text size="sm">{remedy}</Text>}
        {problem && problem.code !== "unreachable" && <Code>{problem.code}</Code>}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry} leftSection={<Icon name="again" size={14} />}>
            {say("retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
