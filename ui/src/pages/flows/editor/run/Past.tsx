/** The last executions of the flow, to take the input of one. */
import { Button, Group, Radio, ScrollArea, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useFormat, useText } from "../../../../language/language";
import { Failure } from "../../../../parts/Failure";
import { Loading } from "../../../../parts/Loading";
import { Status } from "../../../../parts/Status";
import { useExecution } from "../../../executions/one/data";
import { Payload } from "../../../executions/one/Payload";
import { useLastExecutions } from "./data";
import { run } from "./messages";

interface Props {
  readonly flow: string;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
  readonly onEdit: (input: unknown) => void;
}

export function Past({ flow, chosen, onChoose, onEdit }: Props): ReactNode {
  const say = useText(run);
  const format = useFormat();
  const { data, error, refetch } = useLastExecutions(flow, true);
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loading lines={4} />;
  if (data.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {say("noPast")}
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      <Radio.Group label={say("past")} description={say("pastHelp")} value={chosen} onChange={onChoose}>
        <ScrollArea.Autosize mah={190} type="auto" mt={6}>
          <Stack gap={6}>
            {data.map(({ id, status, created_at, version }) => (
              <Radio
                key={id}
                value={id}
                label={
                  <Group gap="sm">
                    <Status status={status} />
                    {format.time(created_at)}
                    <Text span size="xs" c="dimmed">
                      {version}
                    </Text>
                  </Group>
                }
              />
            ))}
          </Stack>
        </ScrollArea.Autosize>
      </Radio.Group>
      {chosen !== null && data.some(({ id }) => id === chosen) && <Input id={chosen} onEdit={onEdit} />}
    </Stack>
  );
}

function Input({ id, onEdit }: { id: string; onEdit: (input: unknown) => void }): ReactNode {
  const say = useText(run);
  const { data, error, refetch } = useExecution(id);
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loading lines={3} />;
  return (
    <div>
      <Payload title={say("input")} value={data.input} />
      <Button size="compact-xs" variant="subtle" onClick={() => onEdit(data.input)}>
        {say("asJson")}
      </Button>
    </div>
  );
}
