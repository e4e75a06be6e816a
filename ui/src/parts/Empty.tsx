/** Nothing here yet: says what would be, and what to do first. */
import { Button, Center, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useMay, type Role } from "../client/session";
import { useText } from "../language/language";
import { useNamespace } from "../namespace";
import { Icon, type IconName } from "./icons";
import { parts } from "./messages";
import { Prose } from "./Prose";

interface Props {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** The role that `action` takes here: who does not have it is told so in its place. */
  readonly takes?: Role;
  /** It stands for the whole page: its title is the page's. */
  readonly page?: boolean;
}

export function Empty({ icon, title, children, action, takes = "viewer", page }: Props): ReactNode {
  const say = useText(parts);
  const may = useMay(takes, useNamespace());
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
        {may ? (
          action
        ) : (
          <Text size="sm" c="dimmed">
            {say("takes", { role: say(takes) })}
          </Text>
        )}
      </Stack>
    </Center>
  );
}

/** Where to go on from what is empty. */
export function Go({ to, children }: { to: string; children: ReactNode }): ReactNode {
  return (
    <Button component={Link} href={to} size="xs">
      {children}
    </Button>
  );
}
