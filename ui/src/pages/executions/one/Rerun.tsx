/** Running an execution again: from its beginning or from a task run, with another input, on a chosen version. */
import { Badge, Box, Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { answer, api, type Schemas } from "../../../client/api";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Code } from "../../../parts/code/CodeView";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import { parts } from "../../../parts/messages";
import { placeOf, useVersions } from "../data";
import type { ExecutionDetail, RunRecord } from "./data";
import { one } from "./messages";
import { jsonOf } from "./text";

interface Props {
  readonly execution: ExecutionDetail;
  /** From here; `null`: from the beginning. */
  readonly run: RunRecord | null;
  /** On this version, unless another one is chosen; else on its own. */
  readonly version?: string;
  /** What to do with the new execution; else its page is opened. */
  readonly onStarted?: (id: string) => void;
  readonly onClose: () => void;
}

const LATEST = "latest";

export function Rerun({ execution, run, version: preset, onStarted, onClose }: Props): ReactNode {
  const say = useText(one);
  const sayPart = useText(parts);
  const namespace = useNamespace();
  const [, go] = useLocation();
  const versions = useVersions(execution.flow);
  const recorded = useMemo(() => JSON.stringify(run ? run.input : execution.input, null, 2), [run, execution.input]);
  const [text, setText] = useState(recorded);
  const [version, setVersion] = useState<string | null>(preset ?? null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const read = useMemo(() => jsonOf(text), [text]);
  const edited = text !== recorded;
  const start = async () => {
    if ("problem" in read) return;
    setBusy(true);
    setFailure(null);
    const body: Schemas["Rerun"] = {
      ...(run ? { from_run: run.run_id } : {}),
      ...(version === null ? {} : { version }),
      // What was not changed is taken as it was recorded, secrets in it too.
      ...(edited ? { input: read.value } : {}),
    };
    try {
      const path = { namespace, execution_id: execution.id };
      const { id } = await answer(api.POST("/api/v1/namespaces/{namespace}/executions/{execution_id}/rerun", { params: { path }, body }));
      onClose();
      if (onStarted) onStarted(id);
      else go(placeOf(id));
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={say("rerunTitle")} size="xl" closeButtonProps={{ "aria-label": say("close") }}>
      <Stack>
        <Text size="sm">{say("rerunHint")}</Text>
        <Group align="flex-end">
          <Stack gap={0} miw={120}>
            <Text size="sm" fw={500}>
              {say("from")}
            </Text>
            <Text size="sm" lh="36px">
              {run ? run.name : say("fromBeginning")}
              {run && run.iteration !== null && ` #${run.iteration}`}
            </Text>
          </Stack>
          <Select
            size="sm"
            w={240}
            label={say("onVersion")}
            placeholder={say("ownVersion", { version: execution.version })}
            data={[{ value: LATEST, label: say("latestVersion") }, ...versions.filter((each) => each !== LATEST).map((each) => ({ value: each, label: each }))]}
            value={version}
            onChange={setVersion}
            clearable
          />
        </Group>
        <div>
          <Group justify="space-between" mih={30}>
            <Group gap="xs">
              <Text size="sm" fw={500}>
                {say("otherInput")}
              </Text>
              {edited && (
                <Badge size="sm" variant="light" tt="none">
                  {say("inputChanged")}
                </Badge>
              )}
            </Group>
            {edited && (
              <Button size="compact-xs" variant="subtle" leftSection={<Icon name="undo" size={12} />} onClick={() => setText(recorded)}>
                {say("resetInput")}
              </Button>
            )}
          </Group>
          <Text size="xs" c="dimmed" mb={4}>
            {say("otherInputHint")}
          </Text>
          <Box h={280} className="steps" style={{ minHeight: 0, height: 280 }}>
            <Code text={text} language="json" label={say("otherInput")} onChange={setText} />
          </Box>
          {"problem" in read && (
            <Text size="sm" c="red" role="alert">
              {say("noJson", { message: read.problem })}
            </Text>
          )}
        </div>
        {failure !== null && <Failure error={failure} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {sayPart("cancel")}
          </Button>
          <Button onClick={() => void start()} loading={busy} disabled={"problem" in read}>
            {say("start")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
