/** Secrets: put, replaced and deleted, never shown. */
import { Badge, Group, PasswordInput, Table, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { answer, api, type Schemas } from "../../../client/api";
import { useMay } from "../../../client/session";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Action } from "../../../parts/act/Action";
import { ActionsHead } from "../../../parts/act/ActionsHead";
import { FormDialog } from "../../../parts/act/FormDialog";
import { useAct } from "../../../parts/act/useAct";
import { Ago } from "../../../parts/Ago";
import { Empty } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Wide } from "../../../parts/Wide";
import { Section } from "../Section";
import { secrets } from "./messages";
import { secretValue } from "./value";

export function Secrets(): ReactNode {
  const say = useText(secrets);
  const namespace = useNamespace();
  const may = useMay("editor", namespace);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["secrets", namespace],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/namespaces/{namespace}/secrets", { params: { path: { namespace } }, signal }))).items,
  });
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) {
    return (
      <Empty icon="key" title={say("emptyTitle")} action={<Put />} takes="editor">
        {say("empty")}
      </Empty>
    );
  }
  return (
    <Section about={say("about")} actions={may && <Put />}>
      <Wide minWidth={560}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {(["name", "readable", "changed", "by"] as const).map((each) => (
                <Table.Th key={each}>{say(each)}</Table.Th>
              ))}
              {may && <ActionsHead />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.map((secret) => (
              <Table.Tr key={secret.name}>
                <Table.Td fw={600}>{secret.name}</Table.Td>
                <Table.Td>
                  <Badge variant="light" tt="none" color={secret.readable ? "green" : "red"}>
                    {secret.readable ? say("fine") : say("unreadable")}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <Ago at={secret.updated_at} />
                </Table.Td>
                <Table.Td>{secret.updated_by}</Table.Td>
                {may && (
                  <Table.Td>
                    <Group gap="xs" justify="flex-end" wrap="nowrap">
                      <Put secret={secret} />
                      <Action
                        small
                        danger
                        label={say("delete", { name: secret.name })}
                        icon="trash"
                        refresh={[["secrets", namespace]]}
                        act={() => answer(api.DELETE("/api/v1/namespaces/{namespace}/secrets/{name}", { params: { path: { namespace, name: secret.name }, header: { "If-Match": secret.etag } } }))}
                        question={{ text: say("deleteAsk", { name: secret.name }), confirm: say("deleteYes") }}
                      />
                    </Group>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </Section>
  );
}

/** A new secret, or another value for one. */
function Put({ secret }: { secret?: Schemas["SecretView"] }): ReactNode {
  const given = secret?.name;
  // As it was when the form was opened: a secret that was put meanwhile is not overwritten.
  const [etag, setEtag] = useState<string | null>(null);
  const say = useText(secrets);
  const namespace = useNamespace();
  const [name, setName] = useState(given ?? "");
  const [value, setValue] = useState("");
  const put = useAct({
    act: async () => {
      await answer(
        api.PUT("/api/v1/namespaces/{namespace}/secrets/{name}", { params: { path: { namespace, name: name.trim() }, header: etag === null ? { "If-None-Match": "*" } : { "If-Match": etag } }, body: { value: secretValue(value) } }),
      );
      setValue("");
    },
    refresh: [["secrets", namespace]],
  });
  return (
    <FormDialog
      label={given === undefined ? say("put") : say("replace", { name: given })}
      icon={given === undefined ? "plus" : "again"}
      submit={say("save")}
      act={put}
      ready={name.trim() !== "" && value !== ""}
      onOpen={() => {
        setName(given ?? "");
        setEtag(secret?.etag ?? null);
        setValue("");
      }}
      filled={given === undefined}
      small={given !== undefined}
    >
      <TextInput label={say("name")} value={name} onChange={(event) => setName(event.currentTarget.value)} readOnly={given !== undefined} required autoComplete="off" {...(given === undefined ? { "data-autofocus": true } : {})} />
      <PasswordInput
        label={say("value")}
        description={say("valueHelp", { example: '{"username": "…", "password": "…"}' })}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        required
        autoComplete="new-password"
        {...(given === undefined ? {} : { "data-autofocus": true })}
      />
    </FormDialog>
  );
}
