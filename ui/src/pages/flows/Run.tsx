/** Start an execution by hand, of the current version or of an earlier one, and lead to it. */
import { ActionIcon, Button, Group, JsonInput, Modal, Stack, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { answer, api } from "../../client/api";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { useAct } from "../../parts/act/useAct";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/icons";
import { jsonOf } from "../executions/one/text";
import { flows } from "./messages";

interface Props {
  readonly name: string;
  /** An earlier version; without it, the current one. */
  readonly version?: string;
  readonly label: string;
}

export function Run({ name, version, label }: Props): ReactNode {
  const say = useText(flows);
  const namespace = useNamespace();
  const [, go] = useLocation();
  const [opened, { open, close }] = useDisclosure(false);
  const [input, setInput] = useState("{}");
  const parsed = jsonOf(input);
  const start = useAct({
    act: async () => {
      const started = await answer(
        api.POST("/api/v1/namespaces/{namespace}/flowapps/{name}/executions", {
          params: { path: { namespace, name }, query: version === undefined ? {} : { version } },
          body: ("value" in parsed ? parsed.value : null) as never,
        }),
      );
      go(`/executions/${encodeURIComponent((started as { id: string }).id)}`);
    },
  });
  return (
    <>
      <Tooltip label={label}>
        <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={open}>
          <Icon name="run" size={16} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={close} title={label}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void start.run(undefined);
          }}
        >
          <Stack>
            <JsonInput label={say("runInput")} value={input} onChange={setInput} autosize minRows={4} error={"problem" in parsed ? parsed.problem : null} data-autofocus />
            {Boolean(start.error) && <Failure error={start.error} />}
            <Group justify="flex-end">
              <Button type="submit" disabled={!("value" in parsed)} loading={start.busy}>
                {say("run")}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
