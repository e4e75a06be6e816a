/** JSON that somebody writes, with what is wrong with it. */
import { Box, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { act } from "../act/messages";
import { Code } from "../code/CodeView";
import "./written.css";

interface Props {
  readonly label: string;
  readonly help?: string;
  readonly text: string;
  readonly problem: string | null;
  readonly onChange: (text: string) => void;
}

export function Written({ label, help, text, problem, onChange }: Props): ReactNode {
  const say = useText(act);
  return (
    <div>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      {help && (
        <Text size="xs" c="dimmed" mb={4}>
          {help}
        </Text>
      )}
      <Box className="written">
        <Code text={text} language="json" label={label} onChange={onChange} />
      </Box>
      {problem !== null && (
        <Text size="sm" c="red" role="alert" mt={4}>
          {say("notJson", { reason: problem })}
        </Text>
      )}
    </div>
  );
}
