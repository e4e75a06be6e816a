/** The drawing of a flow: to look at, with a state per node where an execution is shown on it. */
import "@xyflow/react/dist/base.css";
import "./canvas.css";
import { Background, Controls, MiniMap, ReactFlow, ReactFlowProvider } from "@xyflow/react";
import { useComputedColorScheme } from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { arranged as arrange } from "../graph/layout/arrange";
import type { LayoutFile } from "../graph/layout/file";
import type { ExecutionPicture } from "../graph/model/execution";
import type { Graph } from "../graph/model/graph";
import { useText } from "../language/language";
import { canvas } from "./messages";
import { FoldContext, NODE_TYPES } from "./nodes";
import { canvasEdges, canvasNodes, firstView } from "./picture";

interface Props {
  readonly graph: Graph;
  readonly layout: LayoutFile;
  readonly execution?: ExecutionPicture | null;
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
  readonly onFold: (path: string, collapsed: boolean) => void;
}

// Drawing all of a small flow is cheaper than finding out what is in sight.
const MANY_NODES = 150;

export function Canvas({ graph, layout, execution = null, selected, onSelect, onFold }: Props): ReactNode {
  const say = useText(canvas);
  const scheme = useComputedColorScheme();
  const arranged = useMemo(() => arrange(graph, layout), [graph, layout]);
  const drawn = useMemo(() => canvasNodes(graph, arranged, execution), [graph, arranged, execution]);
  const nodes = useMemo(() => drawn.map((node) => (node.id === selected ? { ...node, selected: true } : node)), [drawn, selected]);
  const edges = useMemo(
    () => canvasEdges(graph, arranged, { skip: say("skip"), otherwise: say("otherwise") }, execution),
    [graph, arranged, execution, say],
  );
  const labels = useMemo(
    () => ({
      "node.a11yDescription.default": say("node"),
      "controls.zoomIn.ariaLabel": say("zoomIn"),
      "controls.zoomOut.ariaLabel": say("zoomOut"),
      "controls.fitView.ariaLabel": say("fit"),
      "minimap.ariaLabel": say("map"),
    }),
    [say],
  );
  return (
    <section className="canvas" aria-label={say("label")}>
      <FoldContext value={onFold}>
        <ReactFlowProvider>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={NODE_TYPES}
            colorMode={scheme}
            fitView
            fitViewOptions={firstView(drawn)}
            minZoom={0.05}
            nodesDraggable={false}
            nodesConnectable={false}
            onlyRenderVisibleElements={nodes.length > MANY_NODES}
            onNodeClick={(_, node) => onSelect(node.id)}
            onPaneClick={() => onSelect(null)}
            onNodesChange={(changes) => {
              for (const change of changes) if (change.type === "select" && change.selected) onSelect(change.id);
            }}
            ariaLabelConfig={labels}
            proOptions={{ hideAttribution: true }}
          >
            <Background />
            <Controls showInteractive={false} />
            <MiniMap pannable zoomable style={{ width: 130, height: 90 }} />
          </ReactFlow>
        </ReactFlowProvider>
      </FoldContext>
    </section>
  );
}
