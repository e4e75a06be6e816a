/** The frame of a page: its title, what one can do, its content. */
import { Group, Stack, Title } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, actions, children }: Props): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Headrace`;
  }, [title]);
  // Who goes to another page by keyboard goes on at its beginning.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <Stack gap="md">
      <Group justify="space-between" wrap="wrap">
        <Title order={1} size="h2" tabIndex={-1} ref={heading} className="quiet-focus">
          {title}
        </Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
