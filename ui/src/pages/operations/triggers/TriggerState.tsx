/** How a trigger is, what became of a firing, and the button that pauses or resumes. */
import { Badge } from "@mantine/core";
import type { ReactNode } from "react";
import { answer, api } from "../../../client/api";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Action } from "../../../parts/act/Action";
import { Icon, type IconName } from "../../../parts/icons";
import { triggerKeys, type TriggerView } from "./data";
import { stateOf, type TriggerStateName } from "./state";
import { triggers } from "./messages";

const LOOKS = {
  broken: ["red", "warning"],
  late: ["red", "clock"],
  paused: ["orange", "pause"],
  active: ["green", "run"],
} as const satisfies Record<TriggerStateName, readonly [string, IconName]>;

export function TriggerState({ trigger }: { trigger: TriggerView }): ReactNode {
  const say = useText(triggers);
  const state = stateOf(trigger);
  const [color, icon] = LOOKS[state];
  return (
    <Badge variant="light" color={color} tt="none" leftSection={<Icon name={icon} size={12} />} {...(trigger.error ? { title: trigger.error } : {})}>
      {state === "paused" && !trigger.paused ? say("flowPaused") : say(state)}
    </Badge>
  );
}

const COLORS = { started: "green", duplicate: "gray", refused: "orange", failed: "red", missed: "orange", filtered: "gray" } as const;
export type KnownOutcome = keyof typeof COLORS;

/** An outcome in words; one that the page does not know stays as it is. */
export function useOutcome(): (outcome: string) => string {
  const say = useText(triggers);
  return (outcome) => (outcome in COLORS ? say(outcome as KnownOutcome) : outcome);
}

export function Outcome({ outcome }: { outcome: string }): ReactNode {
  const words = useOutcome();
  return (
    <Badge variant="light" tt="none" color={outcome in COLORS ? COLORS[outcome as KnownOutcome] : "gray"}>
      {words(outcome)}
    </Badge>
  );
}

export function PauseTrigger({ trigger, small }: { trigger: TriggerView; small: boolean }): ReactNode {
  const say = useText(triggers);
  const namespace = useNamespace();
  const { flow, name } = trigger;
  const params = { path: { namespace, flow, name } };
  const refresh = triggerKeys(namespace);
  if (trigger.paused) {
    return (
      <Action
        small={small}
        label={say("resume", { name })}
        icon="run"
        refresh={refresh}
        act={() => answer(api.POST("/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}/resume", { params }))}
      />
    );
  }
  return (
    <Action
      small={small}
      label={say("pause", { name })}
      icon="pause"
      refresh={refresh}
      act={() => answer(api.POST("/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}/pause", { params }))}
      question={{ text: say("pauseAsk", { name }), confirm: say("pauseYes") }}
    />
  );
}
