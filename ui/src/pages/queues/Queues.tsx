/** Work queues: all of a namespace, or one of them. */
import type { ReactNode } from "react";
import { Route, Switch } from "wouter";
import { useText } from "../../language/language";
import { Page } from "../../parts/Page";
import { Batches } from "./Batches";
import { decoded } from "./address";
import { queues } from "./messages";
import { PastBatches } from "./PastBatches";
import { Queue } from "./Queue";
import { QueueList } from "./QueueList";

export default function Queues(): ReactNode {
  return (
    <Switch>
      <Route path="/queues/:queue/items/:item">
        {({ queue, item }) => <Queue key={queue} name={decoded(queue)} item={decoded(item)} />}
      </Route>
      <Route path="/queues/:queue">{({ queue }) => <Queue key={queue} name={decoded(queue)} item={null} />}</Route>
      <Route>
        <All />
      </Route>
    </Switch>
  );
}

function All(): ReactNode {
  const say = useText(queues);
  return (
    <Page title={say("title")}>
      <Batches />
      <QueueList />
      <PastBatches />
    </Page>
  );
}
