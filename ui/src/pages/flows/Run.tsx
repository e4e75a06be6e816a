/** Start an execution by hand, of the current version or of an earlier one, and lead to it. */
import { JsonInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { answer, api } from "../../client/api";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { FormDialog } from "../../parts/act/FormDialog";
import { useAct } from "../../parts/act/useAct";
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
    <FormDialog label={label} icon="run" submit={say("run")} act={start} ready={"value" in parsed} small>
      <JsonInput label={say("runInput")} value={input} onChange={setInput} autosize minRows={4} error={"problem" in parsed ? parsed.problem : null} data-autofocus />
    </FormDialog>
  );
}
