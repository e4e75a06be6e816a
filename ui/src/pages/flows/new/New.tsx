/** A new flow: its name first, then the editor. */
import { Button, Group, Stack, Tabs } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useSearchParams } from "wouter";
import { useMay } from "../../../client/session";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Empty } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Page } from "../../../parts/Page";
import { useCreate } from "./create";
import { blank, type Identity } from "./documents";
import { IdentityFields, useChecked } from "./Identity";
import { Copied, Import } from "./Import";
import { newFlow } from "./messages";

export default function New(): ReactNode {
  const say = useText(newFlow);
  const mayEdit = useMay("editor", useNamespace());
  return (
    <Page title={say("title")}>
      {mayEdit ? (
        <Ways />
      ) : (
        <Empty icon="key" title={say("forbidden")}>
          {say("forbiddenHelp")}
        </Empty>
      )}
    </Page>
  );
}

/** From nothing, from a text, or from another flow (`?copy=`); which is in the address. */
function Ways(): ReactNode {
  const say = useText(newFlow);
  const [params, setParams] = useSearchParams();
  const copy = params.get("copy");
  if (copy !== null) return <Copied of={copy} />;
  return (
    <Tabs value={params.get("from") === "text" ? "text" : "blank"} onChange={(way) => setParams(way === "text" ? { from: "text" } : {}, { replace: true })} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="blank">{say("blank")}</Tabs.Tab>
        <Tabs.Tab value="text">{say("import")}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="blank">
        <Blank />
      </Tabs.Panel>
      <Tabs.Panel value="text">
        <Import />
      </Tabs.Panel>
    </Tabs>
  );
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
