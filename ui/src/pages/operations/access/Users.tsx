/** Users: who logs in with a password. */
import { Badge, Group, PasswordInput, Switch, Table, TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { answer, api, fullAnswer, type Schemas } from "../../../client/api";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Action } from "../../../parts/act/Action";
import { ActionsHead } from "../../../parts/act/ActionsHead";
import { FormDialog } from "../../../parts/act/FormDialog";
import { More } from "../../../parts/act/More";
import { useAct } from "../../../parts/act/useAct";
import { Ago } from "../../../parts/Ago";
import { Empty } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Wide } from "../../../parts/Wide";
import { Section } from "../Section";
import { access } from "./messages";
import { RoleNames } from "./RoleNames";
import { grantsOf, rolesOf, RolesInput, type Grant } from "./RolesInput";

type User = Schemas["User"];

const PASSWORD_CHARACTERS_MIN = 12;
const KEYS = [["users"], ["members"]];

export function Users(): ReactNode {
  const say = useText(access);
  const users = useInfiniteQuery({
    queryKey: ["users"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => answer(api.GET("/api/v1/users", { params: { query: pageParam ? { after: pageParam } : {} }, signal })),
    getNextPageParam: (page) => page.next ?? null,
  });
  if (users.isPending) return <Loading />;
  if (!users.data) return <Failure error={users.error} onRetry={() => void users.refetch()} />;
  const found = users.data.pages.flatMap(({ items }) => items);
  if (found.length === 0) {
    return (
      <Empty icon="user" title={say("noUsersTitle")} action={<AddUser />}>
        {say("noUsers")}
      </Empty>
    );
  }
  return (
    <Section about={say("usersAbout")} actions={<AddUser />}>
      <Wide minWidth={640}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {(["name", "state", "roles", "added"] as const).map((each) => (
                <Table.Th key={each}>{say(each)}</Table.Th>
              ))}
              <ActionsHead />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map((user) => (
              <Row key={user.name} user={user} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      <More of={users} />
    </Section>
  );
}

function Row({ user }: { user: User }): ReactNode {
  const say = useText(access);
  return (
    <Table.Tr>
      <Table.Td fw={600}>{user.name}</Table.Td>
      <Table.Td>
        <Badge variant="light" tt="none" color={user.disabled ? "gray" : "green"}>
          {user.disabled ? say("disabled") : say("active")}
        </Badge>
      </Table.Td>
      <Table.Td>
        <RoleNames roles={user.roles} />
      </Table.Td>
      <Table.Td>
        <Ago at={user.created_at} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          <ChangeUser user={user} />
          <Action
            small
            danger
            label={say("delete", { name: user.name })}
            icon="trash"
            refresh={KEYS}
            act={() => answer(api.DELETE("/api/v1/users/{name}", { params: { path: { name: user.name } } }))}
            question={{ text: say("deleteAsk", { name: user.name }), confirm: say("deleteYes") }}
          />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function AddUser(): ReactNode {
  const say = useText(access);
  const namespace = useNamespace();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [grants, setGrants] = useState<readonly Grant[]>([]);
  const add = useAct({
    act: async () => {
      await answer(api.POST("/api/v1/users", { body: { name: name.trim(), password, roles: rolesOf(grants) } }));
      setPassword("");
    },
    refresh: KEYS,
  });
  return (
    <FormDialog
      label={say("addUser")}
      icon="plus"
      submit={say("add")}
      act={add}
      filled
      wide
      ready={name.trim() !== "" && password.length >= PASSWORD_CHARACTERS_MIN}
      onOpen={() => {
        setName("");
        setPassword("");
        setGrants([{ namespace, role: "viewer" }]);
      }}
    >
      <TextInput label={say("name")} value={name} onChange={(event) => setName(event.currentTarget.value)} required autoComplete="off" data-autofocus />
      <PasswordInput
        label={say("password")}
        description={say("passwordHelp", { count: PASSWORD_CHARACTERS_MIN })}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        required
        autoComplete="new-password"
      />
      <RolesInput grants={grants} onChange={setGrants} />
    </FormDialog>
  );
}

function ChangeUser({ user }: { user: User }): ReactNode {
  const say = useText(access);
  const [password, setPassword] = useState("");
  const [enabled, setEnabled] = useState(!user.disabled);
  const [etag, setEtag] = useState<string | null>(null);
  const path = { name: user.name };
  // Read when the form opens: what it is changed from is what it shows.
  const read = useAct({
    act: async () => {
      const { data, etag: now } = await fullAnswer(api.GET("/api/v1/users/{name}", { params: { path } }));
      setEnabled(!data.disabled);
      setGrants(grantsOf(data.roles));
      setEtag(now);
    },
  });
  const [grants, setGrants] = useState<readonly Grant[]>([]);
  const change = useAct({
    act: async () => {
      const body = { roles: rolesOf(grants), disabled: !enabled, ...(password ? { password } : {}) };
      await answer(api.PATCH("/api/v1/users/{name}", { params: { path, header: etag === null ? {} : { "If-Match": etag } }, body }));
      setPassword("");
    },
    refresh: KEYS,
  });
  return (
    <FormDialog
      label={say("change", { name: user.name })}
      icon="set"
      submit={say("save")}
      act={change}
      wide
      small
      ready={etag !== null && (password === "" || password.length >= PASSWORD_CHARACTERS_MIN)}
      onOpen={() => {
        setPassword("");
        setEtag(null);
        void read.run(undefined);
      }}
    >
      {Boolean(read.error) && <Failure error={read.error} onRetry={() => void read.run(undefined)} />}
      <Switch label={say("mayLogIn")} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
      <RolesInput grants={grants} onChange={setGrants} />
      <PasswordInput
        label={say("password")}
        description={`${say("passwordHelp", { count: PASSWORD_CHARACTERS_MIN })} ${say("passwordKept")}`}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="new-password"
      />
    </FormDialog>
  );
}
