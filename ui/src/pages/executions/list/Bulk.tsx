/** What is done with many executions at once: rerun, cancel, delete; in parts, with what became of each. */
import { Anchor, Button, Group, Modal, Progress, Select, Stack, Text } from "@mantine/core";
import { useRef, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { answer, api, type Schemas } from "../../../client/api";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Failure } from "../../../parts/Failure";
import { Icon, type IconName } from "../../../parts/icons";
import { parts } from "../../../parts/messages";
import { placeOf, useVersions, type ExecutionSummary } from "../data";
import { whichOf, type Filter } from "./filter";
import { list } from "./messages";
import { isFinal } from "./pages";

type Verb = "rerun" | "cancel" | "delete";

const PART_SIZE = 100;
const REFUSALS_SHOWN = 8;
const LATEST = "latest";

interface Props {
  readonly filter: Filter;
  readonly chosen: ReadonlySet<string>;
  readonly rows: readonly ExecutionSummary[];
  /** Whether all that fit are meant, those too that are not shown. */
  readonly all: boolean;
  readonly onAll: (all: boolean) => void;
  readonly onClear: () => void;
  readonly onDone: () => void;
}

export function Bulk({ filter, chosen, rows, all, onAll, onClear, onDone }: Props): ReactNode {
  const say = useText(list);
  const [verb, setVerb] = useState<Verb | null>(null);
  const known = rows.filter(({ id }) => chosen.has(id));
  const ended = all || known.some(({ status }) => isFinal(status));
  const open = all || known.some(({ status }) => !isFinal(status));
  const button = (name: Verb, text: string, icon: IconName, possible: boolean) => (
    <Button size="xs" variant="default" disabled={!possible} leftSection={<Icon name={icon} size={14} />} onClick={() => setVerb(name)}>
      {text}
    </Button>
  );
  return (
    <Group gap="xs" role="toolbar" aria-label={all ? say("allFitting") : say("chosen", { count: chosen.size })}>
      <Text size="sm" fw={600} role="status">
        {all ? say("allFitting") : say("chosen", { count: chosen.size })}
      </Text>
      {button("rerun", say("rerun"), "again", ended)}
      {button("cancel", say("cancelThem"), "stop", open)}
      {button("delete", say("delete"), "trash", ended)}
      {(all || chosen.size >= rows.length) && (
        <Button size="xs" variant="subtle" onClick={() => onAll(!all)}>
          {all ? say("onlyChosen") : say("allFitting")}
        </Button>
      )}
      <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
        {say("clearSelection")}
      </Button>
      {verb !== null && (
        <Deed
          verb={verb}
          filter={filter}
          ids={all ? null : [...chosen]}
          onClose={(done) => {
            setVerb(null);
            if (done) {
              onClear();
              onDone();
            }
          }}
        />
      )}
    </Group>
  );
}

interface State {
  readonly stage: "asked" | "working" | "finished" | "stopped";
  readonly done: number;
  readonly refused: number;
  readonly refusals: readonly Schemas["Done"][];
  readonly error: unknown;
}

const BEGINNING: State = { stage: "asked", done: 0, refused: 0, refusals: [], error: null };

const TITLES = {
  rerun: ["rerunTitle", "rerunAllTitle", "rerunText"],
  cancel: ["cancelTitle", "cancelAllTitle", "cancelText"],
  delete: ["deleteTitle", "deleteAllTitle", "deleteText"],
} as const;

function Deed({ verb, filter, ids, onClose }: { verb: Verb; filter: Filter; ids: readonly string[] | null; onClose: (done: boolean) => void }): ReactNode {
  const say = useText(list);
  const sayPart = useText(parts);
  const namespace = useNamespace();
  const versions = useVersions(filter.flow);
  const [version, setVersion] = useState<string | null>(null);
  const [state, setState] = useState<State>(BEGINNING);
  const control = useRef<AbortController | null>(null);
  const [title, allTitle, text] = TITLES[verb];
  const work = async () => {
    let now = { ...BEGINNING, stage: "working" as State["stage"] };
    setState(now);
    const stopping = new AbortController();
    control.current = stopping;
    try {
      for await (const report of reports(namespace, verb, filter, ids, version)) {
        now = {
          ...now,
          done: now.done + report.done,
          refused: now.refused + report.refused,
          refusals: [...now.refusals, ...report.results.filter((each) => !each.done)].slice(0, REFUSALS_SHOWN),
        };
        setState(now);
        if (stopping.signal.aborted) break;
      }
      setState({ ...now, stage: stopping.signal.aborted ? "stopped" : "finished" });
    } catch (error) {
      setState({ ...now, stage: "stopped", error });
    }
  };
  const { stage, done, refused } = state;
  const close = () => {
    control.current?.abort();
    onClose(stage !== "asked");
  };
  return (
    <Modal opened onClose={close} title={ids ? say(title, { count: ids.length }) : say(allTitle)} closeButtonProps={{ "aria-label": sayPart("close") }} size="lg">
      <Stack>
        <Text size="sm">{say(text)}</Text>
        {verb === "rerun" && stage === "asked" && (
          <Select
            size="sm"
            label={say("onVersion")}
            placeholder={say("ownVersion")}
            data={[{ value: LATEST, label: say("latestVersion") }, ...versions.map((each) => ({ value: each, label: each }))]}
            value={version}
            onChange={setVersion}
            clearable
          />
        )}
        {stage !== "asked" && (
          <>
            <Progress value={ids ? ((done + refused) / Math.max(1, ids.length)) * 100 : 100} animated={stage === "working"} aria-label={say("working", { done, refused })} />
            <Text size="sm" role="status">
              {stage === "working" ? say("working", { done, refused }) : stage === "finished" ? say("finished", { done, refused }) : say("stopped", { done, refused })}
            </Text>
          </>
        )}
        {state.error !== null && <Failure error={state.error} />}
        {state.refusals.length > 0 && <Refusals refusals={state.refusals} refused={refused} />}
        <Group justify="flex-end" gap="xs">
          {/* The second click of two, meant for what stood here before, neither stops it nor closes its report. */}
          {stage === "working" ? (
            <Button variant="default" onClick={({ detail }) => detail < 2 && control.current?.abort()}>
              {say("stop")}
            </Button>
          ) : (
            <Button variant="default" onClick={({ detail }) => (stage === "asked" || detail < 2) && close()}>
              {stage === "asked" && verb !== "cancel" ? sayPart("cancel") : sayPart("close")}
            </Button>
          )}
          {stage === "asked" && (
            <Button {...(verb === "rerun" ? {} : { color: "red" })} onClick={() => void work()} data-autofocus>
              {say(verb === "rerun" ? "rerun" : verb === "cancel" ? "cancelYes" : "delete")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Refusals({ refusals, refused }: { refusals: readonly Schemas["Done"][]; refused: number }): ReactNode {
  const say = useText(list);
  return (
    <section aria-label={say("refusals")}>
      <Text size="sm" fw={600}>
        {say("refusals")}
      </Text>
      {refusals.map(({ id, problem }) => (
        <Text size="sm" key={id}>
          <Anchor component={Link} href={placeOf(id)} size="sm" ff="monospace">
            {id}
          </Anchor>
          {": "}
          {typeof problem?.["detail"] === "string" ? problem["detail"] : ""}
        </Text>
      ))}
      {refused > refusals.length && <Text size="sm">…</Text>}
    </section>
  );
}

/** Do it in parts, so that it can be watched and stopped. */
async function* reports(
  namespace: string,
  verb: Verb,
  filter: Filter,
  ids: readonly string[] | null,
  version: string | null,
): AsyncGenerator<Schemas["Report"]> {
  if (ids) {
    for (let at = 0; at < ids.length; at += PART_SIZE) yield await call(namespace, verb, { ids: ids.slice(at, at + PART_SIZE), limit: PART_SIZE }, version);
    return;
  }
  const which = whichOf(filter, Date.now() / 1000);
  // Newest first: what a rerun starts is before all that is still to come.
  for (let after: string | null = null; ; ) {
    const report: Schemas["Report"] = await call(namespace, verb, { filter: which, limit: PART_SIZE, ...(after === null ? {} : { after }) }, version);
    yield report;
    after = report.next ?? null;
    if (after === null) return;
  }
}

function call(namespace: string, verb: Verb, many: Schemas["Many"], version: string | null): Promise<Schemas["Report"]> {
  const params = { path: { namespace } };
  switch (verb) {
    case "rerun":
      return answer(api.POST("/api/v1/namespaces/{namespace}/executions/rerun", { params, body: { ...many, ...(version === null ? {} : { version }) } }));
    case "cancel":
      return answer(api.POST("/api/v1/namespaces/{namespace}/executions/cancel", { params, body: many }));
    case "delete":
      return answer(api.POST("/api/v1/namespaces/{namespace}/executions/delete", { params, body: many }));
  }
}
