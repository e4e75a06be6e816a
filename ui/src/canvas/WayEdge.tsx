/** A way between two nodes: along its route, with what is written at it. */
import { BaseEdge, EdgeLabelRenderer, getSmoothStepPath, type EdgeProps } from "@xyflow/react";
import { memo, type ReactNode } from "react";
import { pathOf } from "../graph/layout/routes";
import type { CanvasEdge } from "./picture";

const ELSEWHERE_PX = 1;

export const WayEdge = memo(function WayEdge(props: EdgeProps<CanvasEdge>): ReactNode {
  const { id, data, label, markerEnd, sourceX, sourceY, targetX, targetY } = props;
  if (!data) return null;
  const { points, labelAt, condition, edge } = data;
  const moved =
    Math.abs(sourceX - data.from.x) > ELSEWHERE_PX ||
    Math.abs(sourceY - data.from.y) > ELSEWHERE_PX ||
    (!data.stub && (Math.abs(targetX - data.to.x) > ELSEWHERE_PX || Math.abs(targetY - data.to.y) > ELSEWHERE_PX));
  // While one end is dragged the line only follows; it finds its way when the end is let go.
  const [path, x, y] = moved ? getSmoothStepPath(props) : [pathOf(points), labelAt.x, labelAt.y];
  const text = typeof label === "string" ? label : "";
  return (
    <>
      <BaseEdge id={id} path={path} {...(markerEnd ? { markerEnd } : {})} interactionWidth={22} />
      {text !== "" && (
        <EdgeLabelRenderer>
          <div
            className="canvas-way"
            data-kind={edge.kind}
            data-way={edge.id}
            data-stub={data.stub || undefined}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
            title={condition === null ? undefined : `${text}: ${condition}`}
          >
            <b>{text}</b>
            {condition !== null && <span>{condition}</span>}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

export const EDGE_TYPES = { way: WayEdge };
