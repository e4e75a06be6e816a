/** What the list is filtered by. Words are looked for when typing pauses. */
import { Button, Group, MultiSelect, NumberInput, Pill, Popover, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import { useText } from "../../../language/language";
import { Icon } from "../../../parts/icons";
import { parts } from "../../../parts/messages";
import { useFlowNames, useVersions } from "../data";
import { changed, countOf, EXECUTION_STATUSES, lengthMax, NO_FILTER, type Filter } from "./filter";
import { list } from "./messages";

const TYPING_MS = 350;
const HOUR = 3_600;
const DAY = 86_400;

interface Props {
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

type Change = Parameters<typeof changed>[1];

export function Filters({ filter, onChange }: Props): ReactNode {
  const say = useText(list);
  const sayStatus = useText(parts);
  const flows = useFlowNames();
  const change = (what: Change) => onChange(changed(filter, what));
  const shown = filter.flow !== undefined && !flows.includes(filter.flow) ? [filter.flow, ...flows] : flows;
  return (
    <Stack gap="xs" component="search" aria-label={say("filters")}>
      <Group gap="xs" align="flex-end">
        <Typed type="search" w={250} label={say("text")} longest={lengthMax("text")} hidden icon value={filter.text} onChange={(text) => change({ text })} />
        <MultiSelect
          size="sm"
          w={{ base: "100%", xs: 230 }}
          aria-label={say("status")}
          placeholder={filter.status.length === 0 ? say("anyStatus") : ""}
          data={EXECUTION_STATUSES.map((value) => ({ value, label: sayStatus(value) }))}
          value={[...filter.status]}
          onChange={(status) => change({ status })}
          clearable
        />
        <Select
          size="sm"
          w={180}
          aria-label={say("flow")}
          placeholder={say("anyFlow")}
          data={[...shown]}
          value={filter.flow ?? null}
          onChange={(flow) => change({ flow: flow ?? undefined, version: undefined })}
          searchable
          clearable
        />
        <Times filter={filter} onChange={change} />
        <More filter={filter} onChange={change} />
        {countOf(filter) > 0 && (
          <Button variant="subtle" size="sm" onClick={() => onChange(NO_FILTER)}>
            {say("clear")}
          </Button>
        )}
      </Group>
      <Others filter={filter} onChange={change} />
    </Stack>
  );
}

interface PartProps {
  readonly filter: Filter;
  readonly onChange: (change: Change) => void;
}

function Times({ filter, onChange }: PartProps): ReactNode {
  const say = useText(list);
  const chosen = filter.created_from !== undefined || filter.created_to !== undefined;
  const data = [
    { value: String(HOUR), label: say("hour") },
    { value: String(DAY), label: say("day") },
    { value: String(7 * DAY), label: say("week") },
    ...(chosen ? [{ value: "chosen", label: say("chosenTime") }] : []),
  ];
  return (
    <Select
      size="sm"
      w={160}
      aria-label={say("time")}
      placeholder={say("anyTime")}
      data={data}
      value={filter.within === undefined ? (chosen ? "chosen" : null) : String(filter.within)}
      onChange={(value) => {
        if (value !== "chosen") onChange({ within: value === null ? undefined : Number(value), created_from: undefined, created_to: undefined });
      }}
      clearable
    />
  );
}

function More({ filter, onChange }: PartProps): ReactNode {
  const say = useText(list);
  const versions = useVersions(filter.flow);
  return (
    <Popover position="bottom-start" withArrow trapFocus shadow="md" width={320}>
      <Popover.Target>
        <Button variant="default" size="sm" rightSection={<Icon name="down" size={14} />}>
          {say("moreFilters")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {versions.length > 0 ? (
            <Select
              size="sm"
              label={say("version")}
              data={[...new Set([...versions, ...(filter.version === undefined ? [] : [filter.version])])]}
              value={filter.version ?? null}
              onChange={(version) => onChange({ version: version ?? undefined })}
              searchable
              clearable
              openOnFocus={false}
              comboboxProps={{ withinPortal: false }}
            />
          ) : (
            <Typed label={say("version")} value={filter.version} onChange={(version) => onChange({ version })} />
          )}
          <Typed label={say("trigger")} value={filter.trigger} onChange={(trigger) => onChange({ trigger })} />
          <Typed label={say("startedBy")} value={filter.started_by} onChange={(started_by) => onChange({ started_by })} />
          <Typed label={say("key")} value={filter.key} onChange={(key) => onChange({ key })} />
          <Moment label={say("from")} value={filter.created_from} onChange={(created_from) => onChange({ created_from, within: undefined })} />
          <Moment label={say("to")} value={filter.created_to} onChange={(created_to) => onChange({ created_to, within: undefined })} />
          <Group grow gap="xs" align="flex-end">
            <Seconds label={say("shortest")} value={filter.duration_min} onChange={(duration_min) => onChange({ duration_min })} />
            <Seconds label={say("longest")} value={filter.duration_max} onChange={(duration_max) => onChange({ duration_max })} />
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Filters that do not show elsewhere on the page, each with a way to take it off. */
function Others({ filter, onChange }: PartProps): ReactNode {
  const say = useText(list);
  const others: [keyof Filter, string][] = [];
  const named = (name: keyof Filter & ("version" | "trigger" | "started_by" | "key"), label: string) => {
    const value = filter[name];
    if (value !== undefined) others.push([name, `${label}: ${value}`]);
  };
  named("version", say("version"));
  named("trigger", say("trigger"));
  named("started_by", say("startedBy"));
  named("key", say("key"));
  if (filter.duration_min !== undefined) others.push(["duration_min", `≥ ${filter.duration_min} s`]);
  if (filter.duration_max !== undefined) others.push(["duration_max", `≤ ${filter.duration_max} s`]);
  if (filter.parent !== undefined) others.push(["parent", say("parent", { id: filter.parent })]);
  if (filter.rerun_of !== undefined) others.push(["rerun_of", say("rerunOf", { id: filter.rerun_of })]);
  if (others.length === 0) return null;
  return (
    <Group gap={6}>
      {others.map(([name, text]) => (
        <Pill key={name} withRemoveButton onRemove={() => onChange({ [name]: undefined })} removeButtonProps={{ "aria-label": say("remove", { name: text }), tabIndex: 0, "aria-hidden": false }}>
          {text}
        </Pill>
      ))}
    </Group>
  );
}

interface TypedProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  readonly longest?: number;
  readonly type?: string;
  readonly w?: number;
  /** The label is for readers alone. */
  readonly hidden?: boolean;
  readonly icon?: boolean;
}

/** A word that counts when typing pauses. */
function Typed({ label, value, onChange, longest = lengthMax("key"), hidden = false, icon = false, ...rest }: TypedProps): ReactNode {
  const [typed, setTyped] = useState(value ?? "");
  const [known, setKnown] = useState(value);
  // It was changed from outside: cleared, or by going back.
  if (known !== value) {
    setKnown(value);
    if ((value ?? "") !== typed.trim()) setTyped(value ?? "");
  }
  const settle = useDebouncedCallback((text: string) => onChange(text.trim() || undefined), TYPING_MS);
  return (
    <TextInput
      size="sm"
      {...rest}
      {...(hidden ? { "aria-label": label, placeholder: label } : { label })}
      leftSection={icon ? <Icon name="search" size={16} /> : undefined}
      value={typed}
      maxLength={longest}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
    />
  );
}

function Seconds({ label, value, onChange }: { label: string; value: number | undefined; onChange: (value: number | undefined) => void }): ReactNode {
  return <NumberInput size="sm" label={label} min={0} value={value ?? ""} onChange={(next) => onChange(typeof next === "number" ? next : undefined)} />;
}

/** A moment in the browser's time zone; epoch seconds outside. */
function Moment({ label, value, onChange }: { label: string; value: number | undefined; onChange: (value: number | undefined) => void }): ReactNode {
  return (
    <TextInput
      size="sm"
      type="datetime-local"
      label={label}
      value={value === undefined ? "" : localText(value)}
      onChange={(event) => {
        const at = Date.parse(event.currentTarget.value);
        onChange(Number.isFinite(at) ? at / 1000 : undefined);
      }}
    />
  );
}

function localText(at: number): string {
  const moment = new Date(at * 1000);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
