/** Roles by namespace, to be chosen. */
import { ActionIcon, Button, Fieldset, Group, Select, Stack, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Role } from "../../../client/session";
import { useText } from "../../../language/language";
import { Icon } from "../../../parts/icons";
import { ROLES } from "../roles";
import { access } from "./messages";

export interface Grant {
  readonly namespace: string;
  readonly role: Role;
}

export function grantsOf(roles: Readonly<Record<string, Role>>): readonly Grant[] {
  return Object.entries(roles).map(([namespace, role]) => ({ namespace, role }));
}

export function rolesOf(grants: readonly Grant[]): Record<string, Role> {
  return Object.fromEntries(grants.filter(({ namespace }) => namespace.trim() !== "").map(({ namespace, role }) => [namespace.trim(), role]));
}

export function RolesInput({ grants, onChange }: { grants: readonly Grant[]; onChange: (grants: readonly Grant[]) => void }): ReactNode {
  const say = useText(access);
  const put = (place: number, grant: Grant) => onChange(grants.map((each, at) => (at === place ? grant : each)));
  return (
    <Fieldset legend={say("roles")} p="sm">
      <Stack gap="xs" align="flex-start">
        {grants.map((grant, place) => (
          <Group key={place} gap="xs" wrap="nowrap" w="100%">
            <TextInput size="xs" w={130} aria-label={say("namespace")} value={grant.namespace} onChange={(event) => put(place, { ...grant, namespace: event.currentTarget.value })} />
            <Select
              size="xs"
              flex={1}
              aria-label={say("role")}
              data={ROLES.map((role) => ({ value: role, label: say(role) }))}
              value={grant.role}
              allowDeselect={false}
              onChange={(role) => put(place, { ...grant, role: role as Role })}
            />
            <ActionIcon variant="subtle" color="gray" aria-label={say("removeRole", { namespace: grant.namespace })} onClick={() => onChange(grants.filter((_, at) => at !== place))}>
              <Icon name="cross" size={14} />
            </ActionIcon>
          </Group>
        ))}
        <Button size="compact-xs" variant="default" leftSection={<Icon name="plus" size={12} />} onClick={() => onChange([...grants, { namespace: "", role: "viewer" }])}>
          {say("addRole")}
        </Button>
      </Stack>
    </Fieldset>
  );
}
