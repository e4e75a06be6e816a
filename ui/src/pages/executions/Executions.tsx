/** The executions of a namespace, and each of them. */
import { Suspense, type ReactNode } from "react";
import { Route, Switch, useParams } from "wouter";
import { decoded } from "../../parts/address";
import { Loading } from "../../parts/Loading";
import { List } from "./list/List";
import { Execution } from "./one/ahead";

export default function Executions(): ReactNode {
  return (
    <Suspense fallback={<Loading lines={12} />}>
      <Switch>
        <Route path="/executions/:id">
          <One />
        </Route>
        <Route>
          <List />
        </Route>
      </Switch>
    </Suspense>
  );
}

function One(): ReactNode {
  const { id } = useParams<{ id: string }>();
  const execution = decoded(id);
  return <Execution key={execution} id={execution} />;
}
