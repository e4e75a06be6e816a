/** A new flow: its name first, then the editor. */
import { Button, Group, Stack, Tabs } from "@mantine/core";
import { Suspense, useState, type ReactNode } from "react";
import { useSearchParams } from "wouter";
import { useMay } from "../../../client/session";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { ahead } from "../../../parts/ahead";
import { Empty } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Page } from "../../../parts/Page";
import { useCreate } from "./create";
import { blank, type Identity } from "./documents";
import { IdentityFields, useChecked } from "./Identity";
import { Copied, Import } from "./Import";
import { newFlow } from "./messages";

const Templates = ahead(() => import("./templates/Templates"));

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

const WAYS = ["blank", "template", "text"] as const;
type Way = (typeof WAYS)[number];

/** From nothing, from a template, from a text, or from another flow (`?copy=`); which is in the address. */
function Ways(): ReactNode {
  const say = useText(newFlow);
  const [params, setParams] = useSearchParams();
  const copy = params.get("copy");
  if (copy !== null) return <Copied of={copy} />;
  const words: Record<Way, string> = { blank: say("blank"), template: say("template"), text: say("import") };
  const way = WAYS.find((each) => each === params.get("from")) ?? "blank";
  return (
    <Tabs value={way} onChange={(next) => setParams(next === null || next === "blank" ? {} : { from: next }, { replace: true })} keepMounted={false}>
      <Tabs.List mb="md">
        {WAYS.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {words[each]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="blank">
        <Blank />
      </Tabs.Panel>
      <Tabs.Panel value="template">
        <Suspense fallback={<Loading lines={10} />}>
          <Templates chosen={params.get("template")} />
        </Suspense>
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
