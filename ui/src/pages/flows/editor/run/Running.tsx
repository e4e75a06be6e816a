/** Running from the editor, put together: the button, the dialog, what follows the run, and the panel beside the canvas. */
import { Button, Tooltip } from "@mantine/core";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useMay } from "../../../../client/session";
import type { Choice, ExecutionPicture } from "../../../../graph/model/execution";
import { useText } from "../../../../language/language";
import { useNamespace } from "../../../../namespace";
import { Icon } from "../../../../parts/icons";
import { useEditor, useEditorStore, useGraph } from "../context";
import { Follow } from "./Follow";
import { run } from "./messages";
import { RUN_DIALOG, RunDialog } from "./RunDialog";
import { RunPanel } from "./RunPanel";
import { useShownRun, type Shown } from "./shown";

const NONE: Choice = {};

export interface RunningParts {
  /** Ask what to run. */
  readonly ask: () => void;
  /** The run on the canvas. */
  readonly picture: ExecutionPicture | null;
  readonly panel: ReactNode;
  /** What is drawn elsewhere, or not at all. */
  readonly around: ReactNode;
}

/** `version` is what is deployed; `onShow` is called when there is a run to look at. */
export function useRunning(name: string, version: string, onShow: () => void): RunningParts {
  const graph = useGraph();
  const store = useEditorStore();
  const text = useEditor((state) => state.draft.text);
  const which = useShownRun();
  const [asked, setAsked] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState<unknown>(null);
  const { id } = which;
  const [kept, keep] = useState<{ of: string | null; choice: Choice }>({ of: null, choice: NONE });
  // Another run has other iterations.
  const choice = kept.of === id ? kept.choice : NONE;
  const ask = () => setAsked(true);
  const started = (next: string) => {
    // First of all it is the run itself that is looked at.
    store.getState().select([]);
    which.show(next);
  };
  const there = useRef(onShow);
  useEffect(() => {
    there.current = onShow;
  });
  useEffect(() => {
    if (id !== null) there.current();
  }, [id]);
  useEffect(() => {
    // Before the editor of the text, which would make a line of it.
    const pressed = (event: KeyboardEvent) => {
      // It may still be seen when it has been closed already.
      const others = [...document.querySelectorAll("[role=dialog]")].filter((each) => !each.closest(`.${RUN_DIALOG}`));
      if (asked || event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || others.some((each) => each.checkVisibility())) return;
      event.preventDefault();
      event.stopPropagation();
      setAsked(true);
    };
    window.addEventListener("keydown", pressed, true);
    return () => window.removeEventListener("keydown", pressed, true);
  }, [asked]);
  return {
    ask,
    picture: id !== null && shown?.execution.id === id ? shown.picture : null,
    panel: <RunPanel shown={shown} which={which} error={error} flow={name} version={version} onRun={ask} chosen={{ choice, setChoice: (next) => keep({ of: id, choice: next }) }} />,
    around: (
      <>
        {id !== null && <Follow key={id} id={id} graph={graph} text={text} choice={choice} onNews={setShown} onError={setError} />}
        <RunDialog name={name} version={version} opened={asked} onClose={() => setAsked(false)} onStarted={started} />
      </>
    ),
  };
}

export function RunButton({ onRun }: { onRun: () => void }): ReactNode {
  const say = useText(run);
  const may = useMay("operator", useNamespace());
  return (
    <Tooltip label={say("runHint")}>
      <Button size="xs" variant="light" leftSection={<Icon name="run" size={14} />} disabled={!may} onClick={onRun} aria-keyshortcuts="Control+Enter">
        {say("run")}
      </Button>
    </Tooltip>
  );
}
