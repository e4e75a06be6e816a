/** Who comes in, and which page an address means. */
import { Center, Loader } from "@mantine/core";
import { Suspense, useEffect, useState, type ReactNode } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { Redirect, Route, Switch, useLocation, useParams } from "wouter";
import { isUnreachable } from "./client/api";
import { resume } from "./client/login";
import { useSession } from "./client/session";
import { useLanguage, useText } from "./language/language";
import { NamespaceContext, useLastNamespace } from "./namespace";
import { Canvas } from "./canvas/ahead";
import { Execution } from "./pages/executions/one/ahead";
import { Editor } from "./pages/flows/ahead";
import { ahead, whenIdle } from "./parts/ahead";
import { Empty, Go } from "./parts/Empty";
import { ErrorBoundary } from "./parts/ErrorBoundary";
import { Failure } from "./parts/Failure";
import { Loading } from "./parts/Loading";
import { parts } from "./parts/messages";
import { Shell } from "./parts/Shell";

const Home = ahead(() => import("./pages/home/Home"));
const Flows = ahead(() => import("./pages/flows/Flows"));
const NewFlow = ahead(() => import("./pages/flows/new/New"));
const Flow = ahead(() => import("./pages/flows/Flow"));
const Executions = ahead(() => import("./pages/executions/Executions"));
const Queues = ahead(() => import("./pages/queues/Queues"));
const Operations = ahead(() => import("./pages/operations/Operations"));
const Inbox = ahead(() => import("./pages/inbox/Inbox"));
const Login = ahead(() => import("./pages/login/Login"));
const Linked = ahead(() => import("./pages/inbox/link/Linked"));

/** What links to decisions open: for everybody, so nobody is asked who they are. */
const LINK_PATH = "/decide";

/** Pages by the first names of their addresses. */
const PAGES = { "": Home, flows: Flows, executions: Executions, queues: Queues, operations: Operations, inbox: Inbox } as const;

/** What the page of one thing is made of, where that has files of its own. */
const ONES: Readonly<Record<string, () => Promise<unknown>>> = {
  flows: () => Promise.all([Flow.load(), Editor.load()]),
  executions: () => Promise.all([Executions.load(), Execution.load(), Canvas.load()]),
};

/** Load the page that an address means (`/n/<namespace>/flows/<name>`) while the server is asked who comes in. */
async function loadAhead(address: string): Promise<void> {
  if (address === LINK_PATH) return;
  const [, , , section = "", one] = address.split("/");
  const page: { load: () => Promise<unknown> } | undefined = (PAGES as Partial<typeof PAGES>)[section as keyof typeof PAGES];
  await (one ? (ONES[section] ?? page?.load) : page?.load)?.();
}

/** So long is the first page waited for before its frame is drawn without it. */
const PATIENCE_MS = 400;

// What cannot be loaded is said by the page that needs it.
const first = loadAhead(window.location.pathname).catch(() => undefined);

// Who comes in is asked before anything is drawn; why that failed is said by what is drawn.
const known = window.location.pathname === LINK_PATH ? Promise.resolve() : resume();
known.catch(() => undefined);

/** Whether what the first address means is there to be drawn; also when it takes long. */
function useFirst(): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const show = () => setReady(true);
    void first.then(show);
    const timer = window.setTimeout(show, PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return ready;
}

const LOOK_MS = 300;

/** Load one of the other pages after the other while there is nothing else to do, so that a click shows it at once. */
function useOthers(begin: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!begin) return undefined;
    const others: { readonly load: () => Promise<unknown> }[] = Object.values(PAGES);
    let timer: number | undefined;
    let leave: () => void = () => undefined;
    const soon = () => {
      timer = window.setTimeout(() => (leave = whenIdle(next)), LOOK_MS);
    };
    const next = () => {
      // The page that is looked at goes first.
      if (client.isFetching() > 0) soon();
      else others.shift()?.load().then(next, () => undefined);
    };
    soon();
    return () => {
      others.length = 0;
      window.clearTimeout(timer);
      leave();
    };
  }, [begin, client]);
}

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

const AGAIN_MS = 3_000;

function Dashboard(): ReactNode {
  const me = useSession((state) => state.me);
  const language = useLanguage((state) => state.language);
  const [failure, setFailure] = useState<unknown>(null);
  const ready = useFirst();
  useOthers(me != null && ready);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  const begin = () => {
    setFailure(null);
    resume().catch(setFailure);
  };
  useEffect(() => {
    known.catch(setFailure);
  }, []);
  useEffect(() => {
    if (!isUnreachable(failure)) return undefined;
    const timer = window.setTimeout(() => {
      resume().then(() => setFailure(null), setFailure);
    }, AGAIN_MS);
    return () => window.clearTimeout(timer);
  }, [failure]);
  if (failure !== null) return <Center mih="100vh"><Failure error={failure} onRetry={begin} /></Center>;
  if (me === undefined || (me !== null && !ready)) return <Waiting />;
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
    <Empty page icon="search" title={say("notFound")} action={<Go to="/">{say("toHome")}</Go>}>
      {say("notFoundRemedy")}
    </Empty>
  );
}
