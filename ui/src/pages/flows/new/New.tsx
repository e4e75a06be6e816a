/** A new flow: its name first, then the editor. */
import { Button, Group, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useMay } from "../../../client/session";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { useAct } from "../../../parts/act/useAct";
import { Empty } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Page } from "../../../parts/Page";
import { flowAddress } from "../address";
import { createFlow } from "./data";
import { blank, type Identity } from "./documents";
import { IdentityFields, useChecked } from "./Identity";
import { newFlow } from "./messages";

export default function New(): ReactNode {
  const say = useText(newFlow);
  const mayEdit = useMay("editor", useNamespace());
  return (
    <Page title={say("title")}>
      {mayEdit ? (
        <Blank />
      ) : (
        <Empty icon="key" title={say("forbidden")}>
          {say("forbiddenHelp")}
        </Empty>
      )}
    </Page>
  );
}

/** Makes a flow of a text that is asked for its identity, and opens it. */
export function useCreate() {
  const [, go] = useLocation();
  const queries = useQueryClient();
  return useAct({
    act: async ({ identity: { namespace, name }, text, message = "" }: { identity: Identity; text: string; message?: string }) => {
      await createFlow(namespace, name, text, message);
      await queries.invalidateQueries({ queryKey: ["flows", namespace] });
      void queries.invalidateQueries({ queryKey: ["namespaces"] });
      go(flowAddress(namespace, name));
    },
  });
}

function Blank(): ReactNode {
  const say = useText(newFlow);
  const [identity, setIdentity] = useState<Identity>({ namespace: useNamespace(), name: "" });
  const checked = useChecked(identity);
  const create = useCreate();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (checked.free) void create.run({ identity, text: blank(identity.namespace, identity.name) });
      }}
    >
      <Stack maw={680}>
        <IdentityFields identity={identity} checked={checked} onChange={setIdentity} autoFocus />
        {Boolean(create.error) && <Failure error={create.error} />}
        <Group>
          <Button type="submit" disabled={!checked.free} loading={create.busy}>
            {say("create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
