/** What waits for a person: all of it, or one decision. */
import type { ReactNode } from "react";
import { Route, Switch } from "wouter";
import { useText } from "../../language/language";
import { Page } from "../../parts/Page";
import { decoded } from "../../parts/address";
import { DecisionList } from "./DecisionList";
import { inbox } from "./messages";
import { OneDecision } from "./OneDecision";

export default function Inbox(): ReactNode {
  return (
    <Switch>
      <Route path="/inbox/:execution/:run">
        {({ execution, run }) => <OneDecision key={`${execution}/${run}`} execution={decoded(execution)} run={Number(run)} />}
      </Route>
      <Route>
        <All />
      </Route>
    </Switch>
  );
}

function All(): ReactNode {
  const say = useText(inbox);
  return (
    <Page title={say("title")}>
      <DecisionList />
    </Page>
  );
}
