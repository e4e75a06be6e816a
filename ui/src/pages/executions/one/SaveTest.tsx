/** The test that does what an execution did: to be read, copied, and put into the project's tests. */
import { Anchor, Button, Code, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import { answer, api } from "../../../client/api";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Shown } from "../../../parts/act/Shown";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import { Loading } from "../../../parts/Loading";
import { parts } from "../../../parts/messages";
import type { ExecutionDetail } from "./data";
import { one } from "./messages";

const PAUSE_MS = 300;
/** What a file's name may be on every system. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

export function SaveTest({ execution, onClose }: { execution: ExecutionDetail; onClose: () => void }): ReactNode {
  const say = useText(one);
  const sayPart = useText(parts);
  const [name, setName] = useState(`${execution.flow}-${execution.status}`);
  const usable = NAME.test(name);
  const [settled] = useDebouncedValue(usable ? name : null, PAUSE_MS);
  const { data, error, isPending } = useTest(execution.id, settled);
  const file = `${usable ? name : "NAME"}.test.yaml`;
  return (
    <Modal opened onClose={onClose} size="xl" title={say("saveTest")} closeButtonProps={{ "aria-label": say("close") }}>
      <Stack>
        <Text size="sm">
          {say("saveTestWhere")} <Code>{`tests/${file}`}</Code>
        </Text>
        <TextInput label={say("testName")} value={name} onChange={(event) => setName(event.currentTarget.value)} error={usable ? null : say("testNameWrong")} maxLength={100} data-autofocus />
        {error ? <Failure error={error} /> : isPending ? <Loading lines={8} /> : <Shown label={`tests/${file}`} text={data} height="min(420px, max(160px, 100vh - 500px))" />}
        <Text size="sm" c="dimmed">
          {say("saveTestRun")} <Code>headrace test</Code>
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {sayPart("close")}
          </Button>
          {data !== undefined && usable && (
            <Button component="a" href={`data:application/yaml;charset=utf-8,${encodeURIComponent(data)}`} download={file} leftSection={<Icon name="down" size={14} />}>
              {say("download")}
            </Button>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {say("saveTestCommand")} <Code>{`headrace executions save-test ${execution.id}`}</Code>{" "}
          <Anchor component="button" type="button" size="sm" onClick={() => void navigator.clipboard.writeText(`headrace executions save-test ${execution.id}`)}>
            {say("copyCommand")}
          </Anchor>
        </Text>
      </Stack>
    </Modal>
  );
}

function useTest(execution_id: string, name: string | null) {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["execution-test", namespace, execution_id, name],
    enabled: name !== null,
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/namespaces/{namespace}/executions/{execution_id}/test", {
          params: { path: { namespace, execution_id }, query: { name } },
          parseAs: "text",
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
