/** One flow: drawn, and as it is written. What is selected in one is shown in the other. */
import { Alert, Badge, Box, Button, Group, Tabs, Text } from "@mantine/core";
import { Suspense, useMemo, useState, type ReactNode } from "react";
import { Link, useParams } from "wouter";
import { Canvas } from "../../canvas/Canvas";
import { ApiProblem } from "../../client/api";
import { open, placed, type Source } from "../../graph/document/source";
import { taskAtOffset } from "../../graph/document/tasks";
import { withCollapsed, type LayoutFile } from "../../graph/layout/file";
import { graphOf } from "../../graph/model/build";
import { useMay } from "../../client/session";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { decoded } from "../../parts/address";
import { ahead } from "../../parts/ahead";
import { Code } from "../../parts/code/CodeView";
import { Empty, Go } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { flowPath } from "./address";
import { Editor } from "./ahead";
import { Export } from "./Export";
import { useFlow, type LoadedFlow } from "./data";
import { flows } from "./messages";
import { Remove } from "./Remove";

const Versions = ahead(() => import("./versions/Versions"));

export default function Flow(): ReactNode {
  const { name, "*": page } = useParams<{ name: string; "*"?: string }>();
  const flow = decoded(name);
  const { data, error, isPending, refetch } = useFlow(flow);
  if (isPending) return <Loading lines={12} />;
  if (!data && error instanceof ApiProblem && error.status === 404) return <Unknown name={flow} />;
  if (!data) {
    return (
      <Page title={flow}>
        <Failure error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  if (page === "versions") {
    return (
      <Suspense fallback={<Loading lines={12} />}>
        <Versions key={flow} loaded={data} />
      </Suspense>
    );
  }
  return <Loaded key={flow} loaded={data} gone={error instanceof ApiProblem && error.status === 404} />;
}

function Unknown({ name }: { name: string }): ReactNode {
  const say = useText(flows);
  return (
    <Empty page icon="search" title={say("unknown", { name })} action={<Go to="/flows">{say("toList")}</Go>}>
      {say("unknownHint")}
    </Empty>
  );
}

function Loaded({ loaded, gone }: { loaded: LoadedFlow; gone: boolean }): ReactNode {
  const { flow } = loaded;
  const say = useText(flows);
  const mayEdit = useMay("editor", useNamespace());
  const actions = (
    <>
      <Button component={Link} href={flowPath(flow.name, "versions")} size="xs" variant="default">
        {say("versions")}
      </Button>
      {mayEdit && (
        <Button component={Link} href={`/flows/new?copy=${encodeURIComponent(flow.name)}`} size="xs" variant="default">
          {say("duplicate")}
        </Button>
      )}
      <Export flow={flow} />
      {mayEdit && <Remove flow={flow} />}
      <Badge variant="light" tt="none">
        {flow.version}
      </Badge>
      {flow.paused && (
        <Badge color="orange" variant="light" tt="none">
          {say("paused")}
        </Badge>
      )}
    </>
  );
  return (
    <Page title={flow.name} actions={actions}>
      {gone && (
        <Alert color="orange" variant="light" role="alert" title={say("gone")} icon={<Icon name="warning" />} py="xs">
          {say("goneHelp")}
        </Alert>
      )}
      {mayEdit ? (
        <Suspense fallback={<Loading lines={12} />}>
          <Editor loaded={loaded} />
        </Suspense>
      ) : (
        <Viewer loaded={loaded} />
      )}
    </Page>
  );
}

/** For who may look but not edit. */
function Viewer({ loaded: { flow, layout } }: { loaded: LoadedFlow }): ReactNode {
  const say = useText(flows);
  const opened = useMemo(() => open(flow.text), [flow.text]);
  const [kept, setLayout] = useState<LayoutFile>(layout);
  if (opened.source) {
    return <Views source={opened.source} layout={kept} onFold={(path, collapsed) => setLayout(withCollapsed(kept, path, collapsed))} />;
  }
  return (
    <>
      <Text role="alert">{say("unreadable", { line: opened.problem.line, message: opened.problem.message })}</Text>
      <Box h="70vh">
        <Code text={flow.text} language="yaml" label={say("text")} problems={[{ ...opened.problem, severity: "error" }]} />
      </Box>
    </>
  );
}

interface ViewsProps {
  readonly source: Source;
  readonly layout: LayoutFile;
  readonly onFold: (path: string, collapsed: boolean) => void;
}

function Views({ source, layout, onFold }: ViewsProps): ReactNode {
  const say = useText(flows);
  const [selected, setSelected] = useState<string | null>(null);
  const [tab, setTab] = useState<string | null>("canvas");
  const graph = useMemo(() => graphOf(source.root.data), [source]);
  const [reveal, setReveal] = useState<{ from: number; to: number } | null>(null);
  const show = (chosen: string | null) => {
    const place = selected === null ? undefined : graph.byId.get(selected)?.place;
    const there = place === undefined ? null : placed(source, place);
    setReveal(there && { from: there.entry?.from ?? there.node.from, to: there.node.to });
    setTab(chosen);
  };
  const count = graph.nodes.filter(({ kind }) => kind === "task").length;
  return (
    <Tabs value={tab} onChange={show} keepMounted={false}>
      <Group justify="space-between">
        <Tabs.List>
          <Tabs.Tab value="canvas">{say("canvas")}</Tabs.Tab>
          <Tabs.Tab value="text">{say("text")}</Tabs.Tab>
        </Tabs.List>
        <Text size="sm" c="dimmed">
          {say("steps", { count })}
        </Text>
      </Group>
      <Tabs.Panel value="canvas" h="calc(100vh - 190px)" mih={360}>
        <Canvas graph={graph} layout={layout} selected={selected} onSelect={setSelected} onFold={onFold} />
      </Tabs.Panel>
      <Tabs.Panel value="text" h="calc(100vh - 190px)" mih={360}>
        <Code
          text={source.text}
          language={source.syntax}
          label={say("text")}
          reveal={reveal}
          onCursor={(offset) => setSelected(taskAtOffset(source, offset))}
        />
      </Tabs.Panel>
    </Tabs>
  );
}
