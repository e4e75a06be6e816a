/** What waits for a person. */
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { Empty } from "../../parts/Empty";
import { Page } from "../../parts/Page";
import { inbox } from "./messages";

export default function Inbox(): ReactNode {
  const say = useText(inbox);
  return (
    <Page title={say("title")}>
      <Empty icon="inbox" title={say("emptyTitle")}>
        {say("empty")}
      </Empty>
    </Page>
  );
}
