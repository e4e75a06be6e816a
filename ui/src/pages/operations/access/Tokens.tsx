/** API tokens: made, shown once, revoked. */
import { Code, Group, Modal, Select, Stack, Table, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type ReactNode } from "react";
import { answer, api, type Schemas } from "../../../client/api";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Action } from "../../../parts/act/Action";
import { ActionsHead } from "../../../parts/act/ActionsHead";
import { Copy } from "../../../parts/act/Copy";
import { FormDialog } from "../../../parts/act/FormDialog";
import { act } from "../../../parts/act/messages";
import { useAct } from "../../../parts/act/useAct";
import { Ago } from "../../../parts/Ago";
import { Empty } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Wide } from "../../../parts/Wide";
import { Until } from "../../queues/Items";
import { Section } from "../Section";
import { access } from "./messages";
import { RoleNames } from "./RoleNames";
import { rolesOf, RolesInput, type Grant } from "./RolesInput";

type Token = Schemas["Token"];

const DAY_SECONDS = 86_400;
const DAYS = [7, 30, 90] as const;
const KEYS = [["tokens"]];

export function Tokens(): ReactNode {
  const say = useText(access);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["tokens"],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/tokens", { signal }))).items,
  });
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  return (
    <Section about={say("tokensAbout")} actions={<MakeToken />}>
      {data.length === 0 ? (
        <Empty icon="key" title={say("noTokensTitle")}>
          {say("noTokens")}
        </Empty>
      ) : (
        <Wide minWidth={760}>
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                {(["name", "roles", "made", "madeBy", "usedAt", "expiresAt"] as const).map((each) => (
                  <Table.Th key={each}>{say(each)}</Table.Th>
                ))}
                <ActionsHead />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((token) => (
                <Row key={token.id} token={token} />
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </Section>
  );
}

function Row({ token }: { token: Token }): ReactNode {
  const say = useText(access);
  return (
    <Table.Tr>
      <Table.Td fw={600}>{token.name}</Table.Td>
      <Table.Td>
        <RoleNames roles={token.roles} />
      </Table.Td>
      <Table.Td>
        <Ago at={token.created_at} />
      </Table.Td>
      <Table.Td>{token.created_by}</Table.Td>
      <Table.Td>{token.last_used_at === null ? say("unused") : <Ago at={token.last_used_at} />}</Table.Td>
      <Table.Td>{token.expires_at === null ? say("never") : <Until at={token.expires_at} over={say("expired")} />}</Table.Td>
      <Table.Td ta="right">
        <Action
          small
          danger
          label={say("revoke", { name: token.name })}
          icon="trash"
          refresh={KEYS}
          act={() => answer(api.DELETE("/api/v1/tokens/{token_id}", { params: { path: { token_id: token.id } } }))}
          question={{ text: say("revokeAsk", { name: token.name }), confirm: say("revokeYes") }}
        />
      </Table.Td>
    </Table.Tr>
  );
}

function MakeToken(): ReactNode {
  const say = useText(access);
  const sayAct = useText(act);
  const namespace = useNamespace();
  const [name, setName] = useState("");
  const [lasts, setLasts] = useState("90");
  const [grants, setGrants] = useState<readonly Grant[]>([]);
  // The only place that the text of a token is in; gone when the dialog closes.
  const [made, setMade] = useState<Schemas["MadeToken"] | null>(null);
  const shown = useRef<HTMLDivElement>(null);
  const roles = rolesOf(grants);
  const make = useAct({
    act: async () => {
      const expires = lasts === "" ? {} : { expires_in_seconds: Number(lasts) * DAY_SECONDS };
      setMade(await answer(api.POST("/api/v1/tokens", { body: { name: name.trim(), roles, ...expires } })));
    },
    refresh: KEYS,
  });
  const durations = [
    ...DAYS.map((days) => ({ value: String(days), label: say("days", { count: days }) })),
    { value: "365", label: say("year") },
    { value: "", label: say("forever") },
  ];
  return (
    <>
      <FormDialog
        label={say("makeToken")}
        icon="plus"
        submit={say("make")}
        act={make}
        filled
        wide
        ready={name.trim() !== "" && Object.keys(roles).length > 0}
        onOpen={() => {
          setName("");
          setGrants([{ namespace, role: "operator" }]);
        }}
      >
        <TextInput label={say("name")} value={name} onChange={(event) => setName(event.currentTarget.value)} required autoComplete="off" data-autofocus />
        <RolesInput grants={grants} onChange={setGrants} />
        <Select label={say("expires")} data={durations} value={lasts} allowDeselect={false} onChange={(value) => setLasts(value ?? "")} />
      </FormDialog>
      {/* When the form closes, the focus goes back to its button: taken up here after that. */}
      <Modal onEnterTransitionEnd={() => shown.current?.focus()} opened={made !== null} onClose={() => setMade(null)} title={say("newToken", { name: made?.name ?? "" })} closeOnClickOutside={false} closeButtonProps={{ "aria-label": sayAct("close") }}>
        {made && (
          <Stack tabIndex={-1} ref={shown} className="quiet-focus">
            <Text size="sm">{say("once")}</Text>
            <Group gap="xs" wrap="nowrap">
              <Code fz="sm" aria-label={say("token")} style={{ overflowWrap: "anywhere" }}>
                {made.token}
              </Code>
              <Copy text={made.token} />
            </Group>
          </Stack>
        )}
      </Modal>
    </>
  );
}
