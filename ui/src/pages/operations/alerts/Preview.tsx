/** What a rule would send, while it is written: address, headers and body of an example. */
import { Alert, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../../language/language";
import { Icon } from "../../../parts/icons";
import { Shown } from "../../../parts/act/Shown";
import type { Rule } from "../../../parts/alert/condition";
import { usePreview } from "./data";
import { alerts } from "./messages";

export function Preview({ name, rule }: { name: string; rule: Rule | null }): ReactNode {
  const say = useText(alerts);
  const { data, error } = usePreview(name, rule);
  if (rule === null) return null;
  const wrong = error ? error.message : data?.error;
  if (wrong) {
    return (
      <Alert color="orange" variant="light" icon={<Icon name="warning" />} title={say("noPreview")}>
        {wrong}
      </Alert>
    );
  }
  if (!data) return null;
  const head = [`POST ${data.url}`, ...data.headers.map((header) => `${header.name}: ${header.value}`)].join("\n");
  return (
    <Stack gap={4}>
      <Shown label={say("preview")} text={`${head}\n\n${pretty(data.body)}`} height={220} />
      <Text size="xs" c="dimmed">
        {say("previewHelp")}
      </Text>
    </Stack>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
