/** Two versions compared: drawn side by side with what differs in words, or as text. */
import "./versions.css";
import { Alert, Tabs, Text } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { Canvas } from "../../../canvas/Canvas";
import type { Mark } from "../../../canvas/marks";
import { open } from "../../../graph/document/source";
import { withCollapsed, type LayoutFile } from "../../../graph/layout/file";
import type { Graph } from "../../../graph/model/graph";
import { useText } from "../../../language/language";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { changedBetween, diffLines, type NodeChange } from "./changed";
import { ChangeList } from "./ChangeList";
import { useTextDifference, useVersion, type VersionDetail } from "./data";
import { versions } from "./messages";

interface Props {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly layout: LayoutFile;
}

export function Difference({ name, from, to, layout }: Props): ReactNode {
  const say = useText(versions);
  const one = useVersion(name, from);
  const other = useVersion(name, to);
  const failed = one.error ?? other.error;
  if (failed) return <Failure error={failed} />;
  if (!one.data || !other.data) return <Loading lines={10} />;
  return (
    <Tabs defaultValue="canvas" keepMounted={false} className="versions">
      <Tabs.List mb="sm">
        <Tabs.Tab value="canvas">{say("onCanvas")}</Tabs.Tab>
        <Tabs.Tab value="text">{say("asText")}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="canvas">
        <Pictures key={`${from}-${to}`} before={one.data} after={other.data} layout={layout} />
      </Tabs.Panel>
      <Tabs.Panel value="text">
        <TextDifference name={name} from={from} to={to} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Pictures({ before, after, layout }: { before: VersionDetail; after: VersionDetail; layout: LayoutFile }): ReactNode {
  const say = useText(versions);
  const opened = useMemo(() => [before, after].map(({ text }) => open(text)), [before, after]);
  const [one, other] = opened;
  const changes = useMemo(() => (one?.source && other?.source ? changedBetween(one.source.root.data, other.source.root.data) : null), [one, other]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [kept, setLayout] = useState(layout);
  if (!changes) {
    const at = one?.problem ? 0 : 1;
    const problem = opened[at]?.problem;
    return <Alert color="orange">{say("unreadable", { version: (at === 0 ? before : after).version, line: problem?.line ?? 1, message: problem?.message ?? "" })}</Alert>;
  }
  const change = changes.nodes.find(({ key }) => key === chosen);
  const choose = (side: "before" | "after", id: string | null) => setChosen(changes.nodes.find((each) => each[side] === id && id !== null)?.key ?? null);
  const picture = (side: "before" | "after", version: VersionDetail, graph: Graph) => (
    <section className="versions__picture" aria-label={say(side, { version: label(say, version) })}>
      <Text size="sm" fw={600} px="sm" py={4}>
        {say(side, { version: label(say, version) })}
      </Text>
      <Marked
        label={say(side, { version: label(say, version) })}
        side={side}
        graph={graph}
        nodes={changes.nodes}
        layout={kept}
        selected={change?.[side] ?? null}
        onSelect={(id) => choose(side, id)}
        onFold={(path, collapsed) => setLayout(withCollapsed(kept, path, collapsed))}
      />
    </section>
  );
  const words = Object.fromEntries((["added", "removed", "changed", "moved"] as const).map((status) => [`--word-${status}`, JSON.stringify(say(status))]));
  return (
    <div className="versions__pictures" style={words}>
      {picture("before", before, changes.before)}
      {picture("after", after, changes.after)}
      <section className="versions__list" aria-label={say("changes")}>
        <ChangeList changes={changes} same={before.text === after.text} chosen={chosen} onChoose={setChosen} />
      </section>
    </div>
  );
}

export function label(say: ReturnType<typeof useText<typeof versions.en>>, { version, generation }: { version: string; generation: number }): string {
  return say("numbered", { version, generation });
}

interface MarkedProps {
  readonly label: string;
  readonly side: "before" | "after";
  readonly graph: Graph;
  readonly nodes: readonly NodeChange[];
  readonly layout: LayoutFile;
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
  readonly onFold: (path: string, collapsed: boolean) => void;
}

function Marked({ side, nodes, ...rest }: MarkedProps): ReactNode {
  const say = useText(versions);
  const marks = useMemo(() => {
    const found = new Map<string, Mark>();
    for (const { status, ...change } of nodes) {
      const id = change[side];
      if (id !== null) found.set(id, { className: `diff-${status}`, word: say(status) });
    }
    return found;
  }, [nodes, side, say]);
  return (
    <div>
      <Canvas {...rest} marks={marks} />
    </div>
  );
}

const SIGNS = { same: " ", added: "+", removed: "−", place: "" } as const;

function TextDifference({ name, from, to }: { name: string; from: number; to: number }): ReactNode {
  const say = useText(versions);
  const { data, error } = useTextDifference(name, from, to);
  if (error) return <Failure error={error} />;
  if (!data) return <Loading lines={10} />;
  const lines = diffLines(data.text);
  if (lines.length === 0) return <Text c="dimmed">{say("nothing")}</Text>;
  return (
    <pre className="versions__text" tabIndex={0} aria-label={say("asText")}>
      {lines.map(({ kind, text }, at) => (
        <span key={at} className="versions__line" data-kind={kind}>
          {SIGNS[kind]} {text}
        </span>
      ))}
    </pre>
  );
}
