/** Who comes in, and which page an address means. */
import { Center, Loader } from "@mantine/core";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Redirect, Route, Switch, useLocation, useParams } from "wouter";
import { resume } from "./client/login";
import { useSession } from "./client/session";
import { useLanguage, useText } from "./language/language";
import { NamespaceContext, useLastNamespace } from "./namespace";
import { Empty } from "./parts/Empty";
import { ErrorBoundary } from "./parts/ErrorBoundary";
import { Failure } from "./parts/Failure";
import { Loading } from "./parts/Loading";
import { parts } from "./parts/messages";
import { Shell } from "./parts/Shell";

const Home = lazy(() => import("./pages/home/Home"));
const Flows = lazy(() => import("./pages/flows/Flows"));
const NewFlow = lazy(() => import("./pages/flows/new/New"));
const Flow = lazy(() => import("./pages/flows/Flow"));
const Executions = lazy(() => import("./pages/executions/Executions"));
const Queues = lazy(() => import("./pages/queues/Queues"));
const Operations = lazy(() => import("./pages/operations/Operations"));
const Inbox = lazy(() => import("./pages/inbox/Inbox"));
const Login = lazy(() => import("./pages/login/Login"));
const Linked = lazy(() => import("./pages/inbox/link/Linked"));

/** Large pages, by the first name of their addresses, each with what it loads for one thing of its kind. */
const LARGE: Readonly<Record<string, () => Promise<unknown>>> = {
  flows: () => Promise.all([import("./pages/flows/Flow"), import("./pages/flows/editor/Editor")]),
  executions: () => Promise.all([import("./pages/executions/Executions"), import("./pages/executions/one/Execution")]),
};

/** Load the page that an address means (`/n/<namespace>/flows/<name>`) while the server is asked who comes in. */
function loadAhead(address: string): void {
  const [, , , section = "", one] = address.split("/");
  // What cannot be loaded is said by the page that needs it.
  if (one) LARGE[section]?.().catch(() => undefined);
}

loadAhead(window.location.pathname);

/** What links to decisions open: for everybody, so nobody is asked who they are. */
const LINK_PATH = "/decide";

export function App(): ReactNode {
  if (window.location.pathname === LINK_PATH) {
    return (
      <Suspense fallback={<Waiting />}>
        <Linked />
      </Suspense>
    );
  }
  return <Dashboard />;
}

function Dashboard(): ReactNode {
  const me = useSession((state) => state.me);
  const language = useLanguage((state) => state.language);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  const begin = () => {
    setFailure(null);
    resume().catch(setFailure);
  };
  useEffect(() => {
    resume().catch(setFailure);
  }, []);
  if (failure !== null) return <Center mih="100vh"><Failure error={failure} onRetry={begin} /></Center>;
  if (me === undefined) return <Waiting />;
  if (me === null) {
    return (
      <Suspense fallback={<Waiting />}>
        <Login />
      </Suspense>
    );
  }
  return (
    <Switch>
      <Route path="/n/:namespace" nest>
        <Inside />
      </Route>
      <Route>
        <Elsewhere />
      </Route>
    </Switch>
  );
}

function Waiting(): ReactNode {
  return (
    <Center mih="100vh">
      <Loader aria-label="Headrace" />
    </Center>
  );
}

/** Addresses without a namespace go to where somebody was last. */
function Elsewhere(): ReactNode {
  const last = useLastNamespace((state) => state.last);
  const [location] = useLocation();
  const path = location === "/login" ? "/" : location;
  return <Redirect to={`/n/${encodeURIComponent(last)}${path}`} replace />;
}

function Inside(): ReactNode {
  const { namespace } = useParams<{ namespace: string }>();
  const [location] = useLocation();
  return (
    <NamespaceContext value={decodeURIComponent(namespace)}>
      <Shell>
        <ErrorBoundary place={location}>
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path="/" component={Home} />
              <Route path="/flows" component={Flows} />
              <Route path="/flows/new" component={NewFlow} />
              <Route path="/flows/:name/*?" component={Flow} />
              <Route path="/executions/*?" component={Executions} />
              <Route path="/queues/*?" component={Queues} />
              <Route path="/operations/*?" component={Operations} />
              <Route path="/inbox/*?" component={Inbox} />
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </Shell>
    </NamespaceContext>
  );
}

function NotFound(): ReactNode {
  const say = useText(parts);
  return (
    <Empty page icon="search" title={say("notFound")}>
      {say("notFoundRemedy")}
    </Empty>
  );
}
