/** Roles that somebody has, in words. */
import { Badge, Group } from "@mantine/core";
import type { ReactNode } from "react";
import type { Role } from "../../../client/session";
import { useText } from "../../../language/language";
import { EVERYWHERE } from "../roles";
import { access } from "./messages";

export const SHORT = { viewer: "viewerShort", operator: "operatorShort", editor: "editorShort", admin: "adminShort" } as const;

export function RoleNames({ roles }: { roles: Readonly<Record<string, Role>> }): ReactNode {
  const say = useText(access);
  const entries = Object.entries(roles);
  if (entries.length === 0) return say("noRole");
  return (
    <Group gap={4}>
      {entries.map(([namespace, role]) => (
        <Badge key={namespace} variant="light" color={role === "admin" ? "violet" : "gray"} tt="none">
          {namespace === EVERYWHERE ? say("everywhere") : namespace}: {say(SHORT[role])}
        </Badge>
      ))}
    </Group>
  );
}
