/** What a function wrote: each line with a link to the execution that it belongs to. */
import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useText } from "../../../language/language";
import { LineLog } from "../../../parts/lines/LineLog";
import type { FunctionLine } from "./lines";
import { functions } from "./messages";

export function LineList({ lines, label }: { lines: readonly FunctionLine[]; label: string }): ReactNode {
  const say = useText(functions);
  const before = ({ execution, run_id, stream }: FunctionLine) => (
    <>
      {execution !== null && (
        <Anchor
          component={Link}
          href={`/executions/${encodeURIComponent(execution)}${run_id === null ? "" : `?run=${run_id}`}`}
          size="xs"
          aria-label={say("lineOf", { execution })}
          title={say("lineOf", { execution })}
        >
          →
        </Anchor>
      )}
      {stream === "host" && <span className="lines__note">{say("hostSays")}</span>}
    </>
  );
  return <LineLog lines={lines} label={label} style={{ height: "min(60vh, 640px)" }} fromEnd before={before} />;
}
