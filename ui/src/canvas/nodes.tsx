/** How nodes look. Their sizes are the layout's (`graph/layout/size.ts`), their ends the picture's (`picture.ts`). */
import { Handle, Position, type NodeProps } from "@xyflow/react";
import { createContext, memo, useContext, type ReactNode } from "react";
import type { NodeState } from "../graph/model/execution";
import { useFormat, useText } from "../language/language";
import { Icon } from "../parts/icons";
import { STATUS_ICONS } from "../parts/Status";
import { iconOf } from "./icons";
import { canvas } from "./messages";
import type { CanvasNode } from "./picture";

/** Shows or hides what is in a container, by its path. */
export const FoldContext = createContext<((path: string, collapsed: boolean) => void) | null>(null);

function Ends(): ReactNode {
  return (
    <>
      <Handle type="target" id="in" position={Position.Top} />
      <Handle type="source" id="out" position={Position.Bottom} />
    </>
  );
}

function State({ state }: { state: NodeState | null }): ReactNode {
  const format = useFormat();
  const say = useText(canvas);
  if (!state) return null;
  const retried = state.attempts > 1;
  return (
    <span className="canvas-status" data-status={state.status} data-retried={retried || undefined}>
      <Icon name={STATUS_ICONS[state.status]} size={11} />
      {state.runs > 1 && `${format.number(state.runs)}×`}
      {retried && (
        <span title={say("attempts", { count: state.attempts })}>
          <Icon name="again" size={11} />
          {state.attempts}
        </span>
      )}
      {state.ended_at !== null && state.status !== "skipped" && !state.carried && <span>{format.duration(state.busy_seconds)}</span>}
    </span>
  );
}

function Fold({ data }: { data: CanvasNode["data"] }): ReactNode {
  const say = useText(canvas);
  const fold = useContext(FoldContext);
  const { node, collapsed } = data;
  if (!fold || !node.container || node.kind === "lane") return null;
  // A plain button: there may be hundreds of them.
  return (
    <button
      type="button"
      className="canvas-fold nodrag"
      aria-expanded={!collapsed}
      aria-label={say(collapsed ? "expand" : "collapse", { name: node.name })}
      onClick={(event) => {
        event.stopPropagation();
        fold(node.path, !collapsed);
      }}
    >
      <Icon name={collapsed ? "right" : "down"} size={14} />
    </button>
  );
}

/** Whether two nodes look the same: where they stand and what else is written in them is not drawn here. */
function looksSame({ data: one }: NodeProps<CanvasNode>, { data: other }: NodeProps<CanvasNode>): boolean {
  if (one === other) return true;
  const [node, next] = [one.node, other.node];
  return (
    one.collapsed === other.collapsed &&
    one.state === other.state &&
    node.kind === next.kind &&
    node.name === next.name &&
    node.path === next.path &&
    node.task === next.task &&
    node.trigger === next.trigger &&
    node.summary === next.summary &&
    node.container === next.container &&
    iconOf(node) === iconOf(next)
  );
}

const TaskNode = memo(function TaskNode({ data }: NodeProps<CanvasNode>): ReactNode {
  const { node, state, collapsed } = data;
  return (
    <div className="canvas-node" data-kind={node.kind} data-task={node.task ?? undefined} data-collapsed={collapsed || undefined} data-status={state?.status}>
      {node.kind === "task" ? <Ends /> : <Handle type="source" id="out" position={Position.Bottom} />}
      <span className="canvas-node__icon">
        <Icon name={iconOf(node)} />
      </span>
      <span className="canvas-node__text">
        <span className="canvas-node__name" title={node.name}>
          {node.name}
        </span>
        <span className="canvas-node__summary" title={node.summary || undefined}>
          {node.summary || node.task || node.trigger}
        </span>
      </span>
      <Fold data={data} />
      <State state={state} />
    </div>
  );
}, looksSame);

const ContainerNode = memo(function ContainerNode({ data }: NodeProps<CanvasNode>): ReactNode {
  const say = useText(canvas);
  const { node, state } = data;
  const lane = node.kind === "lane";
  return (
    <div className="canvas-container" data-kind={node.kind} data-task={node.task ?? undefined} data-lane={lane ? node.name : undefined} data-status={lane ? undefined : state?.status}>
      {lane ? (
        <>
          <Handle type="target" id="error-in" position={Position.Left} data-quiet />
          <Handle type="source" id="error-out" position={Position.Right} data-quiet />
          <Handle type="source" id="out" position={Position.Bottom} data-quiet />
        </>
      ) : (
        <Ends />
      )}
      <Handle type="target" id="inner" position={Position.Bottom} data-quiet />
      <div className="canvas-container__head">
        {!lane && (
          <span className="canvas-node__icon">
            <Icon name={iconOf(node)} size={15} />
          </span>
        )}
        <span className="canvas-node__name" title={lane ? undefined : node.name}>
          {lane ? say(node.name === "catch" ? "caught" : "tried") : node.name}
        </span>
        <span className="canvas-node__summary">{node.summary || (lane ? "" : node.task)}</span>
        <Fold data={data} />
      </div>
      <State state={lane ? null : state} />
    </div>
  );
}, looksSame);

const TerminalNode = memo(function TerminalNode({ data }: NodeProps<CanvasNode>): ReactNode {
  const say = useText(canvas);
  const { node } = data;
  const start = node.kind === "start";
  return (
    <div className="canvas-node" data-kind={node.kind}>
      <Handle type={start ? "source" : "target"} id={start ? "out" : "in"} position={start ? Position.Bottom : Position.Top} />
      {say(start ? "start" : "end")}
    </div>
  );
}, looksSame);

export const NODE_TYPES = { task: TaskNode, container: ContainerNode, terminal: TerminalNode };
