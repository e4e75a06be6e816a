/** One property as a field of the kind that its shape asks for. */
import { Select, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Json } from "../../../../graph/json";
import { isMap, property } from "../../../../graph/json";
import { below, within } from "../../../../graph/pointer";
import { useText } from "../../../../language/language";
import { AlertField } from "./AlertField";
import { DurationField } from "./DurationField";
import { EitherField } from "./EitherField";
import { EntriesField } from "./EntriesField";
import { ExpressionField } from "./ExpressionField";
import { nameOf, onlyPart, resolved, type Shape, type Where } from "./fields/grammar";
import { LONG, USUAL } from "./fields/layout";
import { Label, useLabel, type Words } from "./Label";
import { ListField } from "./ListField";
import { MapField } from "./MapField";
import { form } from "./messages";
import { ObjectFields } from "./ObjectFields";
import { ChoiceText, NumberField, PlainText } from "./plain";
import { ReferenceField } from "./ReferenceField";
import { CatchThen } from "./Target";
import { useWrite } from "./write";
import { YamlField } from "./YamlField";

export interface FieldProps {
  /** The property, and what it is a property of, for its words: `endpoint`, `http.endpoint`. */
  readonly name: string;
  readonly path: string;
  readonly shape: Shape;
  /** Where it stands in the text. */
  readonly pointer: string;
  readonly value: Json | undefined;
  readonly where: Where;
  readonly required?: boolean;
  /** Without a label of its own, where what it stands in has one: only readers hear it. */
  readonly bare?: boolean;
  /** The words of what it stands for, where it is all of that. */
  readonly words?: Words;
}

const EXPRESSION_ROLES = new Set(["expression", "condition", "template", "uri"]);

export function Field(props: FieldProps): ReactNode {
  const { name, path, pointer, value, required = false, bare = false } = props;
  const say = useText(form);
  const write = useWrite();
  const found = useLabel(path, name);
  const words = props.words ?? found;
  const shape = resolved(props.shape);
  const where = shape.where ?? props.where;
  const label = bare ? null : <Label words={words} name={name} />;
  const common = { field: pointer, label, name: words.title, help: bare ? undefined : words.help, required };
  const named = nameOf(props.shape);
  if (named === "duration" || named === "fixedDuration") {
    return <DurationField {...common} value={value} where={where} fixed={named === "fixedDuration"} onCommit={(next) => write(pointer, next)} />;
  }
  if (named === "alert") return <AlertField {...common} pointer={pointer} value={value} />;
  // What is written in another way than the form knows is edited as it is written.
  if (value !== undefined && !fits(shape, value)) return <YamlField {...common} pointer={pointer} value={value} />;
  switch (shape.t) {
    case "text": {
      const text = typeof value === "string" ? value : "";
      const set = (next: string) => write(pointer, next === "" ? undefined : next);
      if (shape.role === "then") return <CatchThen label={label} name={words.title} value={text} pointer={pointer} />;
      if (shape.values) return <ChoiceText {...common} value={text} values={shape.values} onCommit={set} />;
      if (shape.role !== undefined && EXPRESSION_ROLES.has(shape.role) && USUAL[path] === undefined) {
        const reads = shape.role === "template" || shape.role === "uri" ? "template" : (shape.role as "expression" | "condition");
        return <ExpressionField {...common} value={text} where={where} reads={reads} onCommit={set} />;
      }
      return (
        <ReferenceField role={shape.role} path={path} value={text} {...common} onCommit={set}>
          <PlainText {...common} value={text} long={LONG.has(name)} placeholder={shape.example ?? ""} onCommit={set} />
        </ReferenceField>
      );
    }
    case "whole":
    case "number":
      return (
        <NumberField
          {...common}
          value={typeof value === "number" ? value : undefined}
          whole={shape.t === "whole"}
          {...(shape.t === "whole" && shape.min !== undefined ? { min: shape.min } : {})}
          {...(shape.t === "whole" && shape.max !== undefined ? { max: shape.max } : {})}
          onCommit={(next) => write(pointer, next)}
        />
      );
    case "flag":
      return (
        <Select
          label={label}
          description={common.help}
          aria-label={words.title}
          data={[
            { value: "true", label: say("yes") },
            { value: "false", label: say("no") },
          ]}
          value={typeof value === "boolean" ? String(value) : null}
          placeholder={say("notSet")}
          clearable
          onChange={(next) => write(pointer, next === null ? undefined : next === "true")}
        />
      );
    case "any":
      return <EitherField {...props} where={where} shape={{ t: "either", of: [{ t: "text", role: shape.role ?? "template" }, { t: "any" }] }} />;
    case "either":
      return <EitherField {...props} where={where} shape={shape} />;
    case "list":
      return <ListField {...props} where={where} shape={shape} />;
    case "map":
      return <MapField {...props} where={where} shape={shape} />;
    case "object": {
      const part = onlyPart(shape, value);
      if (part) {
        const [only, inner] = part;
        return <Field {...props} shape={inner} where={where} pointer={below(pointer, only)} value={property(value, only)} path={`${path}.${only}`} name={name} words={words} />;
      }
      return (
        <fieldset className="form-group" data-bare={bare || undefined}>
          <legend className={bare ? "form-hidden" : ""}>
            <Label words={words} name={name} />
          </legend>
          {words.help && !bare && (
            <Text size="xs" c="dimmed" mb={6}>
              {words.help}
            </Text>
          )}
          <ObjectFields of={named ?? path.split(".").at(-1) ?? name} path={name} shape={shape} pointer={pointer} value={value} where={where} head={bare ? null : words.title} />
        </fieldset>
      );
    }
    case "tasks":
    case "task":
      if (!isDrawn(pointer)) return <YamlField {...common} pointer={pointer} value={value} />;
      return (
        <Text size="xs" c="dimmed">
          {words.title}: {say("onCanvas")}
        </Text>
      );
    case "entries":
      if (!isDrawn(pointer)) return <EntriesField {...props} where={where} shape={shape} />;
      return <YamlField {...common} pointer={pointer} value={value} />;
  }
}

/** Whether tasks are drawn: those of the flow are, those of what it shares (`use`) are not. */
function isDrawn(pointer: string): boolean {
  return !within(pointer, "/use") && !within(pointer, "/spec/use");
}

function fits(shape: ReturnType<typeof resolved>, value: Json): boolean {
  switch (shape.t) {
    case "text":
      return typeof value === "string" && (shape.values === undefined || shape.values.includes(value));
    case "whole":
    case "number":
      return typeof value === "number";
    case "flag":
      return typeof value === "boolean";
    case "list":
    case "entries":
      return Array.isArray(value);
    case "map":
    case "object":
      return isMap(value);
    default:
      return true;
  }
}
