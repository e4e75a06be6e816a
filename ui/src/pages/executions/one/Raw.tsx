/** The execution as the API gives it, and the definition that it runs on, as text. */
import { Box, SegmentedControl, Stack } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { useText } from "../../../language/language";
import { Code } from "../../../parts/code/CodeView";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { useDefinition, type ExecutionDetail } from "./data";
import { one } from "./messages";

export function Raw({ execution }: { execution: ExecutionDetail }): ReactNode {
  const say = useText(one);
  const [shown, setShown] = useState<"json" | "definition">("json");
  const text = useMemo(() => JSON.stringify(execution, null, 2), [execution]);
  return (
    <Stack gap="xs" align="flex-start">
      <SegmentedControl
        size="xs"
        aria-label={say("raw")}
        value={shown}
        onChange={(value) => setShown(value)}
        data={[
          { value: "json", label: say("json") },
          { value: "definition", label: say("definition") },
        ]}
      />
      <Box className="steps" w="100%">
        {shown === "json" ? <Code text={text} language="json" label={say("json")} /> : <Definition id={execution.id} />}
      </Box>
    </Stack>
  );
}

function Definition({ id }: { id: string }): ReactNode {
  const say = useText(one);
  const { data, error, isPending, refetch } = useDefinition(id);
  if (isPending) return <Loading lines={8} />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  return <Code text={data.text} language={data.text.trimStart().startsWith("{") ? "json" : "yaml"} label={say("definition")} />;
}
