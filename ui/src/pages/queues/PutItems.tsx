/** Puts items: one, one per line, or those of a JSON array. */
import { Autocomplete, NumberInput, SegmentedControl, Textarea } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { answer, api } from "../../client/api";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { FormDialog } from "../../parts/act/FormDialog";
import { useAct } from "../../parts/act/useAct";
import { queuePath } from "./address";
import { keys } from "./data";
import { queues } from "./messages";
import { inParts, ITEMS_PER_CALL, readItems, type Reading } from "./newItems";

const PRIORITY_MAX = 9;
const DEDUPE_SECONDS = 300;
const NAME_CHARACTERS_MAX = 180;

function newSeries(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

interface Props {
  /** Null: whichever is named; its page is shown when they are put. */
  readonly queue: string | null;
  /** Those that are there, to choose from. */
  readonly names?: readonly string[];
}

export function PutItems({ queue: given, names = [] }: Props): ReactNode {
  const say = useText(queues);
  const namespace = useNamespace();
  const [, go] = useLocation();
  const [name, setName] = useState("");
  const queue = given ?? name.trim();
  const [text, setText] = useState("");
  const [reading, setReading] = useState<Reading>("lines");
  const [delay, setDelay] = useState(0);
  const [priority, setPriority] = useState(0);
  // Items of one text have ids of their own: what was put before a failure is not put again.
  const [series, setSeries] = useState(newSeries);
  const read = useMemo(() => readItems(text, reading), [text, reading]);
  const put = useAct({
    act: async () => {
      const all = (read.items ?? []).map((payload, place) => ({
        ...payload,
        id: `${series}-${place + 1}`,
        priority,
        delay_seconds: delay,
        dedupe_seconds: DEDUPE_SECONDS,
      }));
      for (const items of inParts(all, ITEMS_PER_CALL)) {
        await answer(api.POST("/api/v1/namespaces/{namespace}/queues/{queue}/items", { params: { path: { namespace, queue } }, body: { items: [...items] } }));
      }
      if (given === null) go(queuePath(queue));
    },
    refresh: keys.all(namespace, queue),
  });
  const write = (written: string) => {
    setText(written);
    setSeries(newSeries());
  };
  const count = read.items?.length ?? 0;
  return (
    <FormDialog
      label={say(given === null ? "putSomewhere" : "put")}
      icon="plus"
      submit={say("putSubmit", { count })}
      act={put}
      ready={count > 0 && queue !== ""}
      wide
      filled
      onOpen={() => {
        write("");
        setName("");
        setDelay(0);
        setPriority(0);
      }}
    >
      {given === null && (
        <Autocomplete
          label={say("putName")}
          description={say("putNameHelp")}
          data={[...names]}
          value={name}
          onChange={setName}
          maxLength={NAME_CHARACTERS_MAX}
          required
          data-autofocus
        />
      )}
      <SegmentedControl
        aria-label={say("putWhat")}
        size="xs"
        data={[
          { value: "lines", label: say("asLines") },
          { value: "one", label: say("asOne") },
          { value: "array", label: say("asArray") },
        ]}
        value={reading}
        onChange={(value) => {
          setReading(value);
          setSeries(newSeries());
        }}
      />
      <Textarea
        label={say("putWhat")}
        description={say("putHelp")}
        error={read.problem === null ? null : say("notArray", { reason: read.problem })}
        autosize
        minRows={6}
        maxRows={16}
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        data-autofocus={given !== null || undefined}
      />
      <NumberInput label={say("priority")} min={0} max={PRIORITY_MAX} value={priority} onChange={(value) => setPriority(Number(value))} />
      <NumberInput label={say("delay")} min={0} value={delay} onChange={(value) => setDelay(Number(value))} />
    </FormDialog>
  );
}
