/** What went wrong, and what to do about it. */
import { Alert, Button, Code, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ApiProblem, isUnreachable } from "../client/api";
import { useText } from "../language/language";
import { Icon } from "./icons";
import { parts } from "./messages";

const TITLES = { unreachable: "unreachable", changed: "changedMeanwhile", missing: "failed", forbidden: "forbidden", broken: "broken", failed: "failed" } as const;
const REMEDIES = { changed: "changedRemedy", missing: "missingRemedy", forbidden: "forbiddenRemedy", broken: "brokenRemedy" } as const;

function kindOf(error: unknown): keyof typeof TITLES {
  if (isUnreachable(error)) return "unreachable";
  switch (error instanceof ApiProblem ? error.status : null) {
    case 403:
      return "forbidden";
    case 404:
      return "missing";
    case 412:
      return "changed";
    case 500:
      return "broken";
    default:
      return "failed";
  }
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }): ReactNode {
  const say = useText(parts);
  const problem = error instanceof ApiProblem ? error : null;
  const kind = kindOf(error);
  const title = say(TITLES[kind]);
  const remedy = kind === "unreachable" ? say(onRetry ? "unreachableRemedy" : "unreachableAct") : kind === "failed" ? null : say(REMEDIES[kind]);
  return (
    <Alert color="red" variant="light" role="alert" title={title} icon={<Icon name="warning" />}>
      <Stack gap="xs" align="flex-start">
        {kind !== "unreachable" && (
          // The server speaks English.
          <Text size="sm" lang="en">
            {error instanceof Error ? error.message : String(error)}
          </Text>
        )}
        {remedy !== null ? (
          <Text size="sm">{remedy}</Text>
        ) : (
          problem?.remedy && (
            <Text size="sm" lang="en">
              {problem.remedy}
            </Text>
          )
        )}
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
