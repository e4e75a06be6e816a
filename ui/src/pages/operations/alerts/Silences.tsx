/** What is kept quiet until a time. */
import { Select, Table, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { answer, api, type Schemas } from "../../../client/api";
import { useMay } from "../../../client/session";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Action } from "../../../parts/act/Action";
import { ActionsHead } from "../../../parts/act/ActionsHead";
import { FormDialog } from "../../../parts/act/FormDialog";
import { useAct } from "../../../parts/act/useAct";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Wide } from "../../../parts/Wide";
import { Until } from "../../queues/Items";
import { Section } from "../Section";
import { useFlowNames, useRules } from "./data";
import { alerts } from "./messages";

const HOURS = [1, 4, 8, 24, 72, 168] as const;
const HOUR_SECONDS = 3600;

export function Silences(): ReactNode {
  const say = useText(alerts);
  const namespace = useNamespace();
  const may = useMay("operator", namespace);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["silences", namespace],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/namespaces/{namespace}/alerts/silences", { params: { path: { namespace } }, signal }))).items,
  });
  return (
    <Section title={say("silences")} about={say("silencesAbout")} actions={may && <Silence />}>
      {isPending ? (
        <Loading lines={2} />
      ) : !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data.length === 0 ? (
        <Text size="sm" c="dimmed">
          {say("noSilences")}
        </Text>
      ) : (
        <Wide minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                {(["what", "until", "reason", "by"] as const).map((each) => (
                  <Table.Th key={each}>{say(each)}</Table.Th>
                ))}
                {may && <ActionsHead />}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((silence) => (
                <Row key={silence.id} silence={silence} may={may} />
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </Section>
  );
}

function Row({ silence, may }: { silence: Schemas["SilenceView"]; may: boolean }): ReactNode {
  const say = useText(alerts);
  const namespace = useNamespace();
  const what = [silence.rule && say("ofRule", { name: silence.rule }), silence.flow && say("ofFlow", { name: silence.flow })].filter(Boolean);
  return (
    <Table.Tr>
      <Table.Td>{what.length > 0 ? what.join(", ") : say("ofAll")}</Table.Td>
      <Table.Td>
        <Until at={silence.until} over={say("over")} />
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{silence.reason || "–"}</Table.Td>
      <Table.Td>{silence.created_by}</Table.Td>
      {may && (
        <Table.Td ta="right">
          <Action
            small
            label={say("end")}
            icon="cross"
            refresh={[["silences", namespace]]}
            act={() => answer(api.DELETE("/api/v1/namespaces/{namespace}/alerts/silences/{silence}", { params: { path: { namespace, silence: silence.id } } }))}
          />
        </Table.Td>
      )}
    </Table.Tr>
  );
}

/** Keep rules quiet: one rule, where it is given; of a flow, where it stands in one. */
export function Silence({ of, ofFlow }: { of?: string; ofFlow?: string }): ReactNode {
  const say = useText(alerts);
  const namespace = useNamespace();
  const [rule, setRule] = useState<string | null>(of ?? null);
  const rules = useRules().data ?? [];
  const flows = useFlowNames();
  const [flow, setFlow] = useState<string | null>(ofFlow ?? null);
  const [reason, setReason] = useState("");
  const [hours, setHours] = useState("1");
  const add = useAct({
    act: () => {
      const until = Date.now() / 1000 + Number(hours) * HOUR_SECONDS;
      const body = { until, reason, rule, flow };
      return answer(api.POST("/api/v1/namespaces/{namespace}/alerts/silences", { params: { path: { namespace } }, body }));
    },
    refresh: [["silences", namespace]],
  });
  return (
    <FormDialog
      label={of === undefined ? say("silence") : say("silenceOne", { name: ofFlow === undefined ? of : `${ofFlow} / ${of}` })}
      icon="pause"
      small={of !== undefined}
      submit={say("silenceSubmit")}
      act={add}
      onOpen={() => {
        setRule(of ?? null);
        setFlow(ofFlow ?? null);
        setReason("");
      }}
    >
      <Select
        label={say("lasts")}
        data={HOURS.map((count) => ({ value: String(count), label: say("hours", { count }) }))}
        value={hours}
        allowDeselect={false}
        onChange={(value) => setHours(value ?? "1")}
      />
      <Select
        label={say("rule")}
        placeholder={say("anyRule")}
        data={[...new Set([...rules.map(({ name }) => name), ...(of === undefined ? [] : [of])])]}
        value={rule}
        clearable={of === undefined}
        clearButtonProps={{ "aria-label": say("anyRule") }}
        readOnly={of !== undefined}
        onChange={setRule}
      />
      {of === undefined && (
        <Select
          label={say("flow")}
          placeholder={say("anyFlow")}
          data={[...flows]}
          value={flow}
          clearable
          clearButtonProps={{ "aria-label": say("anyFlow") }}
          searchable
          onChange={setFlow}
        />
      )}
      <TextInput label={say("reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
    </FormDialog>
  );
}
