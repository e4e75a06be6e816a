/** A part of a page: what it is about, what one can do, its content. */
import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Prose } from "../../parts/Prose";

interface Props {
  readonly title?: string;
  readonly about?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, about, actions, children }: Props): ReactNode {
  return (
    <Stack gap="sm" component="section" {...(title ? { "aria-label": title } : {})}>
      {(title ?? about ?? actions) && (
        <Group justify="space-between" align="flex-start" gap="sm">
          <Stack gap={2} maw={720}>
            {title && (
              <Title order={2} size="h4">
                {title}
              </Title>
            )}
            {about && (
              <Text size="sm" c="dimmed">
                <Prose text={about} />
              </Text>
            )}
          </Stack>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      )}
      {children}
    </Stack>
  );
}
