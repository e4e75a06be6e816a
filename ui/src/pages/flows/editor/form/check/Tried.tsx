/** What an expression sees beside what it gives, or why it gives nothing. */
import { ActionIcon, Alert, Group, Text } from "@mantine/core";
import { useContext, type ReactNode } from "react";
import { useText } from "../../../../../language/language";
import { Icon } from "../../../../../parts/icons";
import { form } from "../messages";
import { SampleContext, SubjectContext } from "./context";
import { check } from "./messages";
import type { Evaluated } from "./data";

interface Props {
  /** The text that is tried: the variables that it names are shown. */
  readonly text: string;
  readonly tried: Evaluated | undefined;
  readonly seen: Evaluated["seen"] | undefined;
  readonly pending: boolean;
  readonly failure: Error | null;
  readonly onClose: () => void;
}

export function Tried({ text, tried, seen, pending, failure, onClose }: Props): ReactNode {
  const say = useText(form);
  const basis = seen?.basis ?? tried?.seen?.basis ?? "nothing";
  const notes = (seen ?? tried?.seen)?.notes ?? [];
  return (
    <div className="tried" data-testid="tried">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Basis basis={basis} />
        <ActionIcon variant="subtle" color="gray" size="xs" aria-label={say("closeTried")} onClick={onClose}>
          <Icon name="cross" size={12} />
        </ActionIcon>
      </Group>
      {notes.map((note) => (
        <Text key={note} size="xs" c="dimmed">
          {say(NOTES[note])}
        </Text>
      ))}
      <div className="tried__sides">
        {basis !== "nothing" && (
          <section aria-label={say("sees")}>
            <Text size="xs" fw={600}>
              {say("sees")} <code>.</code>
            </Text>
            {variablesIn(text, seen?.variables).map(([name, value]) => (
              <pre key={name} tabIndex={0}>
                ${name} = {shown(value)}
              </pre>
            ))}
            <pre tabIndex={0}>{shown(seen?.data)}</pre>
          </section>
        )}
        <section aria-label={say("gives")} aria-live="polite">
          <Text size="xs" fw={600}>
            {say("gives")}
          </Text>
          <Outcome tried={tried} pending={pending} failure={failure} />
        </section>
      </div>
    </div>
  );
}

/** Where the data is from; of a trigger also whether it came so. */
function Basis({ basis }: { basis: keyof typeof BASES }): ReactNode {
  const say = useText(form);
  const sayCheck = useText(check);
  const { came, own } = useContext(SampleContext);
  const isTrigger = useContext(SubjectContext).of === "trigger";
  return (
    <Text size="xs" c="dimmed">
      {!isTrigger || basis !== "given" || own !== undefined ? say(BASES[basis]) : came ? sayCheck("basisCame") : sayCheck("basisRebuilt")}
    </Text>
  );
}

function Outcome({ tried, pending, failure }: Pick<Props, "tried" | "pending" | "failure">): ReactNode {
  const say = useText(form);
  if (failure) return <Alert color="red" p={6}>{failure.message}</Alert>;
  if (!tried || pending) return <pre>…</pre>;
  switch (tried.outcome) {
    case "value":
      return <pre tabIndex={0}>{shown(tried.result)}</pre>;
    case "error":
      return (
        <Alert color="red" p={6} icon={<Icon name="warning" size={14} />}>
          {tried.error?.message}
        </Alert>
      );
    case "compiles":
    case "nothing":
      return (
        <Text size="xs" c="dimmed">
          {say("compiles")}
        </Text>
      );
  }
}

const BASES = {
  given: "basisGiven",
  run: "basisRun",
  previous: "basisPrevious",
  parent: "basisParent",
  workflow: "basisWorkflow",
  nothing: "basisNothing",
} as const;

const NOTES = {
  "input-fails": "noteInputFails",
  "output-transformed": "noteTransformed",
  "no-error": "noteNoError",
  "no-iteration": "noteNoIteration",
  "too-large": "noteTooLarge",
} as const;

/** The variables that a text names, with what they are. */
function variablesIn(text: string, variables: unknown): [string, unknown][] {
  const known = (variables ?? {}) as Record<string, unknown>;
  const names = new Set([...text.matchAll(/\$([A-Za-z_]\w*)/g)].map(([, name]) => name ?? ""));
  return [...names].flatMap((name) => (Object.hasOwn(known, name) ? [[name, known[name]] as [string, unknown]] : []));
}

const SHOWN_MAX = 20_000;

function shown(value: unknown): string {
  if (value === undefined) return "…";
  const text = JSON.stringify(value, null, 2);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}\n…` : text;
}
