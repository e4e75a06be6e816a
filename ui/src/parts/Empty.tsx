/** Nothing here yet: says what would be, and what to do first. */
import { Center, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons";
import { Prose } from "./Prose";

interface Props {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** It stands for the whole page: its title is the page's. */
  readonly page?: boolean;
}

export function Empty({ icon, title, children, action, page }: Props): ReactNode {
  return (
    <Center mih={260} p="xl">
      <Stack align="center" gap="sm" maw={460} ta="center">
        <Icon name={icon} size={40} />
        <Title order={page ? 1 : 2} size="h4">
          {title}
        </Title>
        {children && (
          <Text size="sm" c="dimmed">
            {typeof children === "string" ? <Prose text={children} /> : children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}
