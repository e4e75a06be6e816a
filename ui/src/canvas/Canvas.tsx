/** The drawing of a flow: to look at, with a state per node where an execution is shown on it. */
import { ReactFlowProvider } from "@xyflow/react";
import { useMemo, type ReactNode } from "react";
import { arranged as arrange } from "../graph/layout/arrange";
import type { LayoutFile } from "../graph/layout/file";
import type { ExecutionPicture } from "../graph/model/execution";
import type { Graph } from "../graph/model/graph";
import { useText } from "../language/language";
import { Drawing } from "./Drawing";
import { marked, type Mark } from "./marks";
import { canvas } from "./messages";
import { FoldContext } from "./nodes";
import { noteIdOf, noteNodes } from "./notes";
import { canvasEdges, canvasNodes, withTaken } from "./picture";

interface Props {
  readonly graph: Graph;
  readonly layout: LayoutFile;
  readonly execution?: ExecutionPicture | null;
  /** What some nodes are marked as: a class for the eyes, a word for those who listen. */
  readonly marks?: ReadonlyMap<string, Mark>;
  /** Which of two drawings on a page it is; else there is only one. */
  readonly label?: string;
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
  readonly onFold: (path: string, collapsed: boolean) => void;
}

export function Canvas({ graph, layout, execution = null, marks, label, selected, onSelect, onFold }: Props): ReactNode {
  const say = useText(canvas);
  const arranged = useMemo(() => arrange(graph, layout), [graph, layout]);
  const drawn = useMemo(() => marked(canvasNodes(graph, arranged, execution), marks), [graph, arranged, execution, marks]);
  const notes = useMemo(() => noteNodes(layout), [layout]);
  const nodes = useMemo(() => [...notes, ...drawn.map((node) => (node.id === selected ? { ...node, selected: true } : node))], [drawn, notes, selected]);
  const lines = useMemo(() => canvasEdges(graph, arranged, { skip: say("skip"), otherwise: say("otherwise"), end: say("end") }), [graph, arranged, say]);
  const edges = useMemo(() => withTaken(lines, execution), [lines, execution]);
  const chosen = useMemo(() => (selected === null ? [] : [selected]), [selected]);
  return (
    <FoldContext value={onFold}>
      <ReactFlowProvider>
        <Drawing
          graph={graph}
          {...(label === undefined ? {} : { label })}
          arranged={arranged}
          nodes={nodes}
          edges={edges}
          selected={chosen}
          onWalk={onSelect}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesReconnectable={false}
          onNodeClick={(_, node) => {
            if (noteIdOf(node.id) === null) onSelect(node.id);
          }}
          onPaneClick={() => onSelect(null)}
          onNodesChange={(changes) => {
            for (const change of changes) if (change.type === "select" && change.selected && noteIdOf(change.id) === null) onSelect(change.id);
          }}
        />
      </ReactFlowProvider>
    </FoldContext>
  );
}
