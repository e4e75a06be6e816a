/** The executions of a namespace, newest first. */
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";
import { ExecutionTable } from "./ExecutionTable";
import { executions } from "./messages";

export default function Executions(): ReactNode {
  const say = useText(executions);
  const empty = (
    <Empty icon="run" title={say("emptyTitle")}>
      {say("empty")}
    </Empty>
  );
  return (
    <Page title={say("title")}>
      <ExecutionTable filter={{ limit: 50 }} empty={empty} />
    </Page>
  );
}
