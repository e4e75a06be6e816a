/** What is wrong with the flow, each a click away from its place. */
import { Group, List, Text, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../../language/language";
import { Icon } from "../../../parts/icons";
import type { Problem } from "./data";
import { editor } from "./messages";

export function Problems({ problems, onShow }: { problems: readonly Problem[]; onShow: (problem: Problem) => void }): ReactNode {
  const say = useText(editor);
  if (problems.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {say("noProblems")}
      </Text>
    );
  }
  return (
    <List listStyleType="none" spacing="xs">
      {problems.map((problem) => (
        <List.Item key={`${problem.code}${problem.line}:${problem.column}${problem.message}`}>
          <UnstyledButton onClick={() => onShow(problem)} w="100%">
            <Group gap="xs" wrap="nowrap" align="flex-start">
              <Text c={problem.severity === "error" ? "red" : "orange"} component="span" mt={2}>
                <Icon name={problem.severity === "error" ? "cross" : "warning"} size={14} />
              </Text>
              <div>
                <Text size="sm">{problem.message}</Text>
                <Text size="xs" c="dimmed">
                  {problem.line}:{problem.column}
                  {problem.remedy ? ` · ${problem.remedy}` : ""}
                </Text>
              </div>
            </Group>
          </UnstyledButton>
        </List.Item>
      ))}
    </List>
  );
}
