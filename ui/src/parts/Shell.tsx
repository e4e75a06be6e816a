/** The frame of all pages: navigation, namespace, language, light and dark, who is logged in. */
import { ActionIcon, AppShell, Burger, Group, Menu, NavLink, Select, Text, Tooltip, useMantineColorScheme } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { answer, api } from "../client/api";
import { logOut } from "../client/login";
import { useSession } from "../client/session";
import type { Language } from "../language/catalog";
import { LANGUAGES, useLanguage, useText } from "../language/language";
import { useLastNamespace, useNamespace } from "../namespace";
import { Icon, type IconName } from "./icons";
import { InboxCount } from "./InboxCount";
import { parts } from "./messages";
import { Unreachable } from "./Unreachable";

const PLACES = [
  { path: "/", text: "home", icon: "home" },
  { path: "/flows", text: "flows", icon: "flow" },
  { path: "/executions", text: "executions", icon: "run" },
  { path: "/queues", text: "queues", icon: "queue" },
  { path: "/operations", text: "operations", icon: "gauge" },
  { path: "/inbox", text: "inbox", icon: "inbox" },
] as const satisfies readonly { path: string; text: keyof typeof parts.en; icon: IconName }[];

/** Between these the navigation is icons alone: the room is the page's. `app.css` knows the same. */
const RAIL = "(min-width: 48em) and (max-width: 61.99em)";

export function Shell({ children }: { children: ReactNode }): ReactNode {
  const say = useText(parts);
  const [location] = useLocation();
  const rail = useMediaQuery(RAIL);
  const [opened, { toggle, close }] = useDisclosure(false);
  useEffect(close, [location, close]);
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: { base: 200, sm: 60, md: 200 }, breakpoint: "sm", collapsed: { mobile: !opened } }} padding="md">
      <a className="skip-link" href="#content">
        {say("skip")}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={say("navigation")} />
            <img src="/icon.svg" alt="" width={26} height={26} />
            <Text fw={700} visibleFrom="xs">
              Headrace
            </Text>
            <NamespaceChoice />
          </Group>
          <Group gap={4} wrap="nowrap">
            <LanguageMenu />
            <ThemeMenu />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" className="navigation" data-opened={opened || undefined} aria-label={say("navigation")}>
        {PLACES.map(({ path, text, icon }) => {
          const active = path === "/" ? location === "/" || location === "" : location.startsWith(path);
          return (
            <Tooltip key={path} label={say(text)} position="right" disabled={!rail}>
              <NavLink
                component={Link}
                href={path}
                label={say(text)}
                leftSection={<Icon name={icon} />}
                rightSection={path === "/inbox" ? <InboxCount /> : null}
                active={active}
                aria-current={active ? "page" : undefined}
                variant="light"
              />
            </Tooltip>
          );
        })}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className="quiet-focus">
        {children}
      </AppShell.Main>
      <Unreachable />
    </AppShell>
  );
}

function NamespaceChoice(): ReactNode {
  const say = useText(parts);
  const namespace = useNamespace();
  const visit = useLastNamespace((state) => state.visit);
  const [, go] = useLocation();
  const { data } = useQuery({ queryKey: ["namespaces"], queryFn: () => answer(api.GET("/api/v1/namespaces")) });
  useEffect(() => visit(namespace), [namespace, visit]);
  const known = new Set([namespace, ...(data ?? [])]);
  return (
    <Select
      size="xs"
      w={150}
      aria-label={say("namespace")}
      data={[...known].sort()}
      value={namespace}
      allowDeselect={false}
      searchable
      onChange={(chosen) => {
        if (chosen !== null) go(`~/n/${encodeURIComponent(chosen)}/`);
      }}
    />
  );
}

function LanguageMenu(): ReactNode {
  const say = useText(parts);
  const { language, speak } = useLanguage();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={say("language")}>
          <Icon name="globe" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.entries(LANGUAGES) as [Language, string][]).map(([code, name]) => (
          <Menu.Item key={code} lang={code} onClick={() => speak(code)} rightSection={code === language ? <Icon name="check" size={14} /> : null}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ThemeMenu(): ReactNode {
  const say = useText(parts);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = [
    ["light", say("light")],
    ["dark", say("dark")],
    ["auto", say("system")],
  ] as const;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={say("theme")}>
          <Icon name="sun" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map(([scheme, name]) => (
          <Menu.Item key={scheme} onClick={() => setColorScheme(scheme)} rightSection={scheme === colorScheme ? <Icon name="check" size={14} /> : null}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function AccountMenu(): ReactNode {
  const say = useText(parts);
  const me = useSession((state) => state.me);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={say("account", { name: me?.name ?? "" })}>
          <Icon name="user" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me?.name}</Menu.Label>
        <Menu.Item onClick={() => void logOut()}>{say("logOut")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
