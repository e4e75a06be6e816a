/** A field for an expression, or a text with expressions in it: completed, checked and tried as it is written. */
import { ActionIcon, Input, Loader, Tooltip } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Suspense, useId, useMemo, useState, type ReactNode } from "react";
import { useLanguage, useText } from "../../../../language/language";
import { useNamespace } from "../../../../namespace";
import { ahead } from "../../../../parts/ahead";
import { Icon } from "../../../../parts/icons";
import { evaluated, useSeen, useTried, type Reads } from "./check/data";
import { useTryPlace } from "./check/context";
import { Tried } from "./check/Tried";
import type { Where } from "./fields/grammar";
import type { CompletionAsk } from "./jq/complete";
import { form } from "./messages";
import { useTyped } from "./typed";

const ExpressionEditor = ahead(() => import("./jq/ExpressionEditor"));

export interface ExpressionFieldProps {
  /** Its pointer in the text. */
  readonly field: string;
  readonly label: ReactNode;
  /** What readers say of it. */
  readonly name: string;
  readonly help?: ReactNode;
  readonly required?: boolean;
  readonly value: string;
  readonly where: Where;
  /** `template`: only what is in `${ }` is an expression. */
  readonly reads: Reads;
  readonly onCommit: (value: string) => void;
}

// So many of what an expression gives are looked at for their keys.
const VALUES_MAX = 20;

export function ExpressionField({ field, label, name, help, required = false, value, where, reads, onCommit }: ExpressionFieldProps): ReactNode {
  const say = useText(form);
  const id = useId();
  const language = useLanguage((state) => state.language);
  const namespace = useNamespace();
  const client = useQueryClient();
  const [text, setText] = useTyped(`${field}#expression`, value);
  const [active, setActive] = useState(false);
  const bare = reads !== "template";
  const place = useTryPlace(where, field);
  const worthTrying = text.trim() !== "" && (bare || text.includes("${"));
  const tried = useTried(place, text, reads, active && worthTrying);
  const seen = useSeen(place, active);
  const error = worthTrying && active ? (tried.data?.error ?? null) : null;
  const problem = useMemo(() => (error?.kind === "syntax" && tried.settled ? { offset: error.offset ?? 0, message: error.message } : null), [error, tried.settled]);
  const variables = seen.data?.variables;
  const { names } = place;
  const ask = useMemo((): CompletionAsk => {
    const known = (variables ?? {}) as Record<string, unknown>;
    return {
      bare,
      language,
      variables: () => {
        const all = new Set([...names, ...Object.keys(known), ...(Object.keys(known).length === 0 ? argumentsOf(where) : [])]);
        return [...all].map((each) => ({ name: each, value: known[each], line: names.includes(each) ? say("localVariable") : argumentLine(each, say) }));
      },
      values: async (expression) => {
        const found = await client.query({
          queryKey: ["keys", namespace, place, expression],
          queryFn: ({ signal }) => evaluated(namespace, place, { value: `[limit(${VALUES_MAX}; ${expression})]` }, signal),
          staleTime: Infinity,
        });
        return found.outcome === "value" && Array.isArray(found.result) ? (found.result as unknown[]) : [];
      },
    };
  }, [bare, client, language, names, namespace, place, say, variables, where]);
  const commit = () => {
    if (text !== value) onCommit(text);
  };
  return (
    <Input.Wrapper label={label} {...(help ? { description: help } : {})} required={required} labelElement="div" id={id}>
      <div className="expression" data-invalid={error !== null || undefined} data-active={active || undefined}>
        <div className="expression__text">
          <Suspense fallback={<code className="expression__waiting">{text}</code>}>
            <ExpressionEditor
              id={`${id}-text`}
              value={text}
              label={name}
              describedBy={`${id}-tried`}
              placeholder={bare ? ".field" : ""}
              ask={ask}
              problem={problem}
              invalid={error !== null}
              onChange={setText}
              onCommit={commit}
              onRevert={() => setText(value)}
              onFocus={() => setActive(true)}
            />
          </Suspense>
        </div>
        {active && worthTrying && !tried.settled && <Loader size={12} className="expression__busy" aria-hidden />}
        {!bare && !text.includes("${") && (
          <Tooltip label={say("asExpression")}>
            <ActionIcon
              variant="subtle"
              size="sm"
              color="gray"
              aria-label={`${say("asExpression")}: ${name}`}
              onClick={() => {
                setText(text === "" ? "${ . }" : `\${ ${JSON.stringify(text)} }`);
                setActive(true);
                document.getElementById(`${id}-text`)?.focus();
              }}
            >
              <Icon name="function" size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <div id={`${id}-tried`}>{active && worthTrying && <Tried text={text} tried={tried.data} seen={seen.data} pending={tried.isPending} failure={tried.error} onClose={() => setActive(false)} />}</div>
    </Input.Wrapper>
  );
}

function argumentsOf(where: Where): string[] {
  const always = ["secrets", "workflow", "runtime"];
  if (where === "trigger") return ["runtime"];
  if (where === "workflow-input") return always;
  if (where === "workflow-output") return [...always, "context"];
  const before = [...always, "context", "task"];
  return where === "before" ? before : [...before, "input", "authorization", ...(where === "export" ? ["output"] : [])];
}

function argumentLine(name: string, say: ReturnType<typeof useText<typeof form.en>>): string {
  switch (name) {
    case "context":
      return say("variableContext");
    case "input":
      return say("variableInput");
    case "output":
      return say("variableOutput");
    case "task":
      return say("variableTask");
    case "workflow":
      return say("variableWorkflow");
    case "runtime":
      return say("variableRuntime");
    case "secrets":
      return say("variableSecrets");
    case "authorization":
      return say("variableAuthorization");
    default:
      return "";
  }
}
