/** The fields of a form, with their errors beside them. */
import { Button, Checkbox, Fieldset, Group, JsonInput, NumberInput, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { Icon } from "../icons";
import { isMap, segment, startOfField, type Draft, type Field, type Member } from "./field";
import { form } from "./messages";

/** Errors by their place, a JSON Pointer into the answer. */
export type Errors = ReadonlyMap<string, string>;

/** The name of the element of a field, by which it gets the focus. */
export function elementOf(place: string): string {
  return `field${place}`;
}

interface MembersProps {
  readonly members: readonly Member[];
  readonly draft: { readonly [name: string]: Draft };
  readonly place: string;
  readonly errors: Errors;
  readonly onChange: (draft: { readonly [name: string]: Draft }) => void;
}

export function Members({ members, draft, place, errors, onChange }: MembersProps): ReactNode {
  return (
    <Stack gap="sm">
      {members.map(({ name, required, field }) => (
        <One
          key={name}
          field={field}
          required={required}
          draft={draft[name]}
          place={`${place}/${segment(name)}`}
          errors={errors}
          onChange={(changed) => onChange({ ...draft, [name]: changed })}
        />
      ))}
    </Stack>
  );
}

interface OneProps {
  readonly field: Field;
  readonly required: boolean;
  readonly draft: Draft;
  readonly place: string;
  readonly errors: Errors;
  readonly onChange: (draft: Draft) => void;
}

function One({ field, required, draft, place, errors, onChange }: OneProps): ReactNode {
  const shared = {
    id: elementOf(place),
    label: field.title,
    description: field.help || undefined,
    error: errors.get(place),
    withAsterisk: required,
    "aria-required": required,
  };
  switch (field.kind) {
    case "text": {
      const typed = { ...shared, value: typeof draft === "string" ? draft : "" };
      if (field.long) return <Textarea {...typed} autosize minRows={2} maxRows={10} onChange={(event) => onChange(event.currentTarget.value)} />;
      return <TextInput {...typed} type={field.input} onChange={(event) => onChange(event.currentTarget.value)} />;
    }
    case "number":
      return (
        <NumberInput
          {...shared}
          value={typeof draft === "number" || typeof draft === "string" ? draft : ""}
          allowDecimal={!field.whole}
          {...(field.least === undefined ? {} : { min: field.least })}
          {...(field.most === undefined ? {} : { max: field.most })}
          clampBehavior="none"
          hideControls
          onChange={onChange}
        />
      );
    case "flag": {
      const { withAsterisk: _, "aria-required": _required, ...box } = shared;
      return <Checkbox {...box} checked={draft === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    }
    case "choice": {
      const chosen = field.options.findIndex(({ value }) => JSON.stringify(value) === JSON.stringify(draft));
      return (
        <Select
          {...shared}
          data={field.options.map(({ title }, index) => ({ value: String(index), label: title }))}
          value={chosen < 0 ? null : String(chosen)}
          clearable={!required}
          allowDeselect={!required}
          onChange={(index) => onChange(index === null ? undefined : (field.options[Number(index)]?.value))}
        />
      );
    }
    case "json":
      return (
        <JsonInput
          {...shared}
          autosize
          minRows={2}
          formatOnBlur
          value={draft === undefined ? "" : typeof draft === "string" ? draft : JSON.stringify(draft, null, 2)}
          onChange={onChange}
        />
      );
    case "group":
      return (
        <Fieldset legend={field.title} id={shared.id} tabIndex={-1}>
          <Note help={field.help} error={shared.error} />
          <Members
            members={field.members}
            draft={isMap(draft) ? (draft) : {}}
            place={place}
            errors={errors}
            onChange={onChange}
          />
        </Fieldset>
      );
    case "list":
      return <Items field={field} draft={draft} place={place} errors={errors} onChange={onChange} />;
  }
}

type ItemsProps = Omit<OneProps, "field" | "required"> & { readonly field: Extract<Field, { kind: "list" }> };

function Items({ field, draft, place, errors, onChange }: ItemsProps): ReactNode {
  const say = useText(form);
  const items = Array.isArray(draft) ? (draft as readonly Draft[]) : [];
  return (
    <Fieldset legend={field.title} id={elementOf(place)} tabIndex={-1}>
      <Stack gap="sm" align="stretch">
        <Note help={field.help} error={errors.get(place)} />
        {items.map((each, index) => (
          <Group key={index} align="flex-end" wrap="nowrap" gap="xs">
            <div style={{ flexGrow: 1, minWidth: 0 }}>
              <One
                field={{ ...field.item, title: field.item.title || say("item", { number: index + 1 }) }}
                required={false}
                draft={each}
                place={`${place}/${index}`}
                errors={errors}
                onChange={(changed) => onChange(items.map((other, at) => (at === index ? changed : other)))}
              />
            </div>
            <Button
              size="xs"
              variant="default"
              aria-label={say("removeItem", { number: index + 1 })}
              onClick={() => onChange(items.filter((_, at) => at !== index))}
            >
              <Icon name="trash" size={14} />
            </Button>
          </Group>
        ))}
        <div>
          <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => onChange([...items, startOfField(field.item)])}>
            {say("addItem")}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}

function Note({ help, error }: { help: string; error: string | undefined }): ReactNode {
  return (
    <>
      {help && (
        <Text size="xs" c="dimmed" mb="xs">
          {help}
        </Text>
      )}
      {error && (
        <Text size="sm" c="red" mb="xs" role="alert">
          {error}
        </Text>
      )}
    </>
  );
}
