/** Start an execution by hand, of the current version or of an earlier one, and lead to it. */
import { SegmentedControl, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { answer, api } from "../../client/api";
import type { Json } from "../../graph/json";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { FormDialog } from "../../parts/act/FormDialog";
import { useAct } from "../../parts/act/useAct";
import { Failure } from "../../parts/Failure";
import { Members } from "../../parts/form/Fields";
import { form } from "../../parts/form/messages";
import { useInput } from "../../parts/form/useInput";
import { Written } from "../../parts/form/Written";
import { Loading } from "../../parts/Loading";
import { placeOf } from "../executions/data";
import { inputSchema } from "./input";
import { flows } from "./messages";

const WAYS = ["form", "json"] as const;
type Way = (typeof WAYS)[number];

interface Props {
  readonly name: string;
  /** An earlier version, and what reads its definition; without it, the current one. */
  readonly version?: { readonly name: string; readonly definition: (signal: AbortSignal) => Promise<Json> };
  readonly label: string;
}

export function Run({ name, version, label }: Props): ReactNode {
  const say = useText(flows);
  const sayForm = useText(form);
  const namespace = useNamespace();
  const [, go] = useLocation();
  const [asked, setAsked] = useState(false);
  const [chosen, setWay] = useState<Way>("form");
  const { data, error, refetch } = useQuery({
    queryKey: ["input-schema", namespace, name, version?.name ?? ""],
    enabled: asked,
    queryFn: async ({ signal }) => ({ schema: inputSchema(version ? await version.definition(signal) : await definitionOf(namespace, name, signal)) }),
  });
  const input = useInput(data?.schema);
  const way = input.members.length > 0 ? chosen : "json";
  const start = useAct({
    act: async (value: unknown) => {
      const started = await answer(
        api.POST("/api/v1/namespaces/{namespace}/flowapps/{name}/executions", {
          params: { path: { namespace, name }, query: version === undefined ? {} : { version: version.name } },
          body: value as never,
        }),
      );
      go(placeOf((started as { id: string }).id));
    },
  });
  const run = async () => {
    const given = input.take(way);
    return given !== null && start.run(given.value);
  };
  return (
    <FormDialog
      label={label}
      icon="run"
      submit={say("run")}
      act={{ ...start, run }}
      ready={data !== undefined && (way === "form" || input.problem === null)}
      onOpen={() => {
        // The flow may have been changed since it was run the last time.
        if (asked) void refetch();
        setAsked(true);
      }}
      wide
      small
    >
      {data ? (
        <Stack
          onKeyDownCapture={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            event.stopPropagation();
            event.currentTarget.closest("form")?.requestSubmit();
          }}
        >
          {input.members.length > 0 && (
            <SegmentedControl
              aria-label={sayForm("with")}
              data={WAYS.map((each) => ({ value: each, label: sayForm(each) }))}
              value={way}
              onChange={(next) => setWay(next)}
              style={{ alignSelf: "flex-start" }}
            />
          )}
          {way === "form" ? (
            <Members members={input.members} draft={input.draft} place="" errors={input.errors} onChange={input.fill} />
          ) : (
            <Written label={sayForm("input")} help={sayForm("inputHelp")} text={input.text} problem={input.problem} onChange={input.write} />
          )}
        </Stack>
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading lines={4} />
      )}
    </FormDialog>
  );
}

async function definitionOf(namespace: string, name: string, signal: AbortSignal): Promise<Json> {
  const { definition } = await answer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}", { params: { path: { namespace, name } }, signal }));
  return definition as Json;
}
