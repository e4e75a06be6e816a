/** Who has which role in the namespace. */
import { Select, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer, api, type Schemas } from "../../../client/api";
import type { Role } from "../../../client/session";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Said } from "../../../parts/act/Said";
import { useAct } from "../../../parts/act/useAct";
import { Empty, Go } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Wide } from "../../../parts/Wide";
import { ROLES, useMayEverywhere } from "../roles";
import { Section } from "../Section";
import { access } from "./messages";
import { SHORT } from "./RoleNames";

type Member = Schemas["Member"];

export function Roles(): ReactNode {
  const say = useText(access);
  const namespace = useNamespace();
  const everywhere = useMayEverywhere("admin");
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["members", namespace],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/namespaces/{namespace}/members", { params: { path: { namespace } }, signal }))).items,
  });
  const give = useAct({
    act: async ({ name, role }: { name: string; role: Role | null }) => {
      const path = { namespace, name };
      if (role === null) await answer(api.DELETE("/api/v1/namespaces/{namespace}/members/{name}", { params: { path } }));
      else await answer(api.PUT("/api/v1/namespaces/{namespace}/members/{name}", { params: { path }, body: { role } }));
    },
    refresh: [["members"], ["users"]],
  });
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) {
    return (
      <Empty icon="user" title={say("noMembersTitle")} action={everywhere && <Go to="/operations/users">{say("toUsers")}</Go>}>
        {say(everywhere ? "noMembers" : "noMembersYet")}
      </Empty>
    );
  }
  return (
    <Section about={say("rolesAbout")}>
      <Said of={give} />
      <Wide minWidth={520}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("user")}</Table.Th>
              <Table.Th>{say("here")}</Table.Th>
              <Table.Th>{say("everywhere")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.map((member) => (
              <Row key={member.name} member={member} onGive={(role) => void give.run({ name: member.name, role })} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </Section>
  );
}

function Row({ member, onGive }: { member: Member; onGive: (role: Role | null) => void }): ReactNode {
  const say = useText(access);
  return (
    <Table.Tr>
      <Table.Td fw={600}>{member.name}</Table.Td>
      <Table.Td>
        <Select
          size="xs"
          w={340}
          aria-label={say("setRole", { name: member.name })}
          placeholder={say("noRole")}
          data={ROLES.map((role) => ({ value: role, label: say(role) }))}
          value={member.role}
          clearable
          onChange={(role) => onGive(role)}
        />
      </Table.Td>
      <Table.Td>{member.everywhere === null ? "–" : say(SHORT[member.everywhere])}</Table.Td>
    </Table.Tr>
  );
}
