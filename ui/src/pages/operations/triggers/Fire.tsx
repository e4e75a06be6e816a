/** Fires a trigger by hand, with what would have come. */
import { Anchor, Group, Stack, Textarea } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../client/api";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { FormDialog } from "../../../parts/act/FormDialog";
import { readJson } from "../../../parts/act/json";
import { act } from "../../../parts/act/messages";
import { Said } from "../../../parts/act/Said";
import { useAct } from "../../../parts/act/useAct";
import { triggerKeys, type TriggerView } from "./data";
import { triggers } from "./messages";
import { useOutcome } from "./TriggerState";

export function Fire({ trigger: { flow, name } }: { trigger: TriggerView }): ReactNode {
  const say = useText(triggers);
  const sayAct = useText(act);
  const words = useOutcome();
  const namespace = useNamespace();
  const [text, setText] = useState("");
  const read = readJson(text);
  const fire = useAct({
    act: () =>
      answer(
        api.POST("/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}/fire", {
          params: { path: { namespace, flow, name } },
          body: { payload: read.value ?? null },
        }),
      ),
    says: ({ outcome, execution, detail }) => (
      <Group gap="md">
        {say("fired", { outcome: words(outcome) })} {detail}
        {execution && (
          <Anchor component={Link} href={`/executions/${encodeURIComponent(execution)}`} size="sm">
            {say("see")} {execution}
          </Anchor>
        )}
      </Group>
    ),
    refresh: triggerKeys(namespace),
  });
  return (
    <Stack gap="xs" align="flex-start">
      <FormDialog label={say("fire")} icon="run" submit={say("fireSubmit")} act={fire} ready={read.problem === null} onOpen={() => setText("")} wide filled>
        <Textarea
          label={say("payload")}
          description={say("payloadHelp")}
          error={read.problem === null ? null : sayAct("notJson", { reason: read.problem })}
          autosize
          minRows={6}
          maxRows={16}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          data-autofocus
        />
      </FormDialog>
      {!fire.error && <Said of={fire} />}
    </Stack>
  );
}
