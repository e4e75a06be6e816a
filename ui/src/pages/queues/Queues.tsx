/** Work queues: all of a namespace, or one of them. */
import type { ReactNode } from "react";
import { Route, Switch } from "wouter";
import { useMay } from "../../client/session";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Page } from "../../parts/Page";
import { Batches } from "./Batches";
import { decoded } from "../../parts/address";
import { useQueues } from "./data";
import { queues } from "./messages";
import { PastBatches } from "./PastBatches";
import { PutItems } from "./PutItems";
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
  const may = useMay("operator", useNamespace());
  // With none the page says what one is, and offers to put the first.
  const { data = [] } = useQueues();
  return (
    <Page title={say("title")} actions={may && data.length > 0 && <PutItems queue={null} names={data.map(({ stats }) => stats.name)} />}>
      <Batches />
      <QueueList />
      <PastBatches />
    </Page>
  );
}
