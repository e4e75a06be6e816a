/** The steps of an execution on the canvas, with the state of each and the iterations of loops to choose from. */
import { Box, Stack, Text } from "@mantine/core";
import { Suspense, useMemo, useState, type ReactNode } from "react";
import { Canvas } from "../../../canvas/ahead";
import { open } from "../../../graph/document/source";
import { withCollapsed, type LayoutFile } from "../../../graph/layout/file";
import { graphOf } from "../../../graph/model/build";
import { pictureOf } from "../../../graph/model/execution";
import type { Graph } from "../../../graph/model/graph";
import { useText } from "../../../language/language";
import { Code } from "../../../parts/code/CodeView";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import type { Look } from "./address";
import { useDefinition, useFlowLayout, type ExecutionDetail } from "./data";
import type { Seen } from "./Execution";
import { Iterations } from "./Iterations";
import { one } from "./messages";
import { runsOf, tellingRun, type Runs } from "./runs";
import { useTick } from "./tick";

// It is loaded while the execution is asked for; what fails is said where it is drawn.
Canvas.load().catch(() => undefined);

interface Props extends Seen {
  readonly execution: ExecutionDetail;
  readonly runs: Runs;
}

export function Steps(props: Props): ReactNode {
  const say = useText(one);
  const { execution } = props;
  const { data, error, isPending, refetch } = useDefinition(execution.id);
  const text = data?.text;
  const opened = useMemo(() => (text === undefined ? null : open(text)), [text]);
  const source = opened?.source;
  const graph = useMemo(() => (source ? graphOf(source.root.data) : null), [source]);
  if (isPending) return <Loading lines={12} />;
  if (!data || !opened) return <Failure error={error} onRetry={() => void refetch()} />;
  if (graph) return <Drawn {...props} graph={graph} />;
  return (
    <Stack gap="xs">
      <Text role="alert" size="sm">
        {say("unreadable", { message: opened.problem?.message ?? "" })}
      </Text>
      <Box h="60vh">
        <Code text={data.text} language="yaml" label={say("definition")} />
      </Box>
    </Stack>
  );
}

function Drawn({ execution, runs, look, setLook, graph }: Props & { graph: Graph }): ReactNode {
  const say = useText(one);
  const saved = useFlowLayout(execution.flow);
  const [folded, setFolded] = useState<LayoutFile | null>(null);
  // How long what is open has been so does not show on the canvas: no picture is needed for every tick.
  const now = useTick(false);
  const { choice } = look;
  const picture = useMemo(() => pictureOf(graph, runs.all, choice, now), [graph, runs, choice, now]);
  const selected = selectedNode(graph, runs, look);
  const select = (id: string | null) => {
    const node = id === null ? undefined : graph.byId.get(id);
    if (!node || node.kind !== "task") {
      setLook({ task: null, run: null });
      return;
    }
    const found = tellingRun(runsOf(runs, node.id, choice));
    setLook({ task: node.id, run: found?.run_id ?? null });
  };
  const layout = folded ?? saved;
  return (
    <Stack gap="xs">
      <Iterations picture={picture} graph={graph} choice={choice} onChoose={(next) => setLook({ choice: next, ...selectionIn(runs, look, next) })} />
      <Box className="steps">
        <Suspense fallback={<Loading lines={12} />}>
          <Canvas
            graph={graph}
            layout={layout}
            execution={picture}
            selected={selected}
            onSelect={(id) => {
              if (id !== selected) select(id);
            }}
            onFold={(path, collapsed) => setFolded(withCollapsed(layout, path, collapsed))}
          />
        </Suspense>
      </Box>
      {picture.elsewhere.length > 0 && (
        <Text size="sm" c="dimmed">
          {say("elsewhere", { count: picture.elsewhere.length })}
        </Text>
      )}
    </Stack>
  );
}

function selectedNode(graph: Graph, runs: Runs, look: Look): string | null {
  const task = look.task ?? (look.run === null ? undefined : runs.byId.get(look.run)?.task);
  return task !== undefined && graph.byId.has(task) ? task : null;
}

/** The selection after other iterations were chosen: the same task there. */
function selectionIn(runs: Runs, look: Look, choice: Look["choice"]): Partial<Look> {
  if (look.task === null) return {};
  return { run: tellingRun(runsOf(runs, look.task, choice))?.run_id ?? null };
}
