/** Deletes items that nobody has leased. */
import { Radio, Stack, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { answer, api, type Schemas } from "../../client/api";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { FormDialog } from "../../parts/act/FormDialog";
import { useAct } from "../../parts/act/useAct";
import { keys, type QueueDetail } from "./data";
import { queues } from "./messages";

type What = Schemas["Purge"]["what"];

export function Purge({ queue }: { queue: QueueDetail }): ReactNode {
  const say = useText(queues);
  const namespace = useNamespace();
  const [what, setWhat] = useState<What>("dead");
  const purge = useAct({
    act: () => answer(api.POST("/api/v1/namespaces/{namespace}/queues/{queue}/purge", { params: { path: { namespace, queue: queue.name } }, body: { what } })),
    refresh: keys.all(namespace, queue.name),
  });
  return (
    <FormDialog label={say("purge")} icon="trash" submit={say("purgeYes")} act={purge} danger onOpen={() => setWhat("dead")}>
      <Radio.Group label={say("purgeWhat")} value={what} onChange={(value) => setWhat(value)}>
        <Stack gap="xs" mt="xs">
          <Radio value="dead" label={say("purgeDead", { count: queue.dead })} />
          <Radio value="ready" label={say("purgeReady", { count: queue.ready })} />
          <Radio value="delayed" label={say("purgeDelayed", { count: queue.delayed })} />
          <Radio value="all" label={say("purgeAll")} />
        </Stack>
      </Radio.Group>
      <Text size="sm">{say("purgeWarning")}</Text>
    </FormDialog>
  );
}
