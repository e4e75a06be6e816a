/** The code of a function: read, written, and whether it starts. */
import { Alert, Badge, Box, Button, Code as Inline, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { ApiProblem } from "../../../../client/api";
import { useText } from "../../../../language/language";
import { useNamespace } from "../../../../namespace";
import { Code } from "../../../../parts/code/CodeView";
import { Copy } from "../../../../parts/act/Copy";
import { Failure } from "../../../../parts/Failure";
import { Icon } from "../../../../parts/icons";
import { Loading } from "../../../../parts/Loading";
import { parts } from "../../../../parts/messages";
import { offsetsOf } from "../data";
import { readCode, useCode, useFunction, writeCode, type LoadedCode } from "./data";
import { code } from "./messages";
import "../run/run.css";

interface Props {
  readonly flow: string;
  readonly name: string;
  readonly onClose: () => void;
}

export function CodeDialog({ flow, name, onClose }: Props): ReactNode {
  const say = useText(code);
  const sayPart = useText(parts);
  const { data, error, refetch } = useCode(flow, name);
  const [unsaved, setUnsaved] = useState(false);
  const close = () => {
    if (!unsaved || window.confirm(say("leave"))) onClose();
  };
  return (
    <Modal opened onClose={close} title={say("title", { name })} size="70rem" closeButtonProps={{ "aria-label": sayPart("close") }}>
      {data ? <Written loaded={data} onUnsaved={setUnsaved} onClose={close} /> : error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loading lines={10} />}
    </Modal>
  );
}

function Written({ loaded, onUnsaved, onClose }: { loaded: LoadedCode; onUnsaved: (unsaved: boolean) => void; onClose: () => void }): ReactNode {
  const say = useText(code);
  const sayPart = useText(parts);
  const namespace = useNamespace();
  const queries = useQueryClient();
  // What is edited stays what it was when it was read, whatever the file becomes meanwhile.
  const [base, setBase] = useState(loaded);
  const [text, setText] = useState(base.code.text ?? "");
  const [savedAt, setSavedAt] = useState<number | null>(null);
  const { flow, function: name, file, exists, language } = base.code;
  const edited = text !== (base.code.text ?? "") || !exists;
  const take = (next: LoadedCode) => {
    setBase(next);
    setText(next.code.text ?? "");
    onUnsaved(false);
    queries.setQueryData(["function-code", namespace, flow, name], next);
  };
  const save = useMutation({
    mutationFn: (etag: string | null | undefined) => writeCode(namespace, flow, name, text, etag),
    onSuccess: async (next) => {
      take(next);
      setSavedAt(Date.now());
      await queries.invalidateQueries({ queryKey: ["functions", namespace] });
    },
  });
  const fresh = useMutation({
    mutationFn: () => readCode(namespace, flow, name),
    onSuccess: (next) => {
      take(next);
      save.reset();
    },
  });
  const problem = text === base.code.text ? (base.code.problem ?? null) : null;
  const marks = useMemo(() => {
    if (!problem) return [];
    const place = { severity: "error" as const, pointer: "", remedy: null, code: "syntax", ...problem };
    return [{ ...offsetsOf({ text }, place), severity: "error" as const, message: problem.message }];
  }, [problem, text]);
  const conflict = save.error instanceof ApiProblem && save.error.status === 412;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(base.etag);
      }}
      onKeyDownCapture={(event) => {
        if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        if (edited && !save.isPending) save.mutate(base.etag);
      }}
    >
      <Stack gap="sm">
        <div>
          <Text size="sm" c="dimmed">
            {say(exists ? "live" : "begin")}
          </Text>
          {file != null && (
            <Group gap={4} mt={4} wrap="nowrap">
              <Text size="sm">{say("where")}</Text>
              <Inline style={{ overflowWrap: "anywhere" }}>{file}</Inline>
              <Copy text={file} label={say("where")} />
            </Group>
          )}
        </div>
        <Box className="run__code">
          <Code
            text={text}
            language={language === "node" ? "javascript" : "python"}
            label={say("title", { name })}
            problems={marks}
            onChange={(next) => {
              setText(next);
              onUnsaved(next !== (base.code.text ?? ""));
            }}
          />
        </Box>
        {problem && (
          <Text size="sm" c="red" role="alert">
            {say("lineWrong", { line: problem.line, message: problem.message })}
          </Text>
        )}
        {conflict ? (
          <Alert color="orange" variant="light" role="alert" title={say("changed")} py="xs">
            <Group gap="xs">
              <Button size="xs" variant="default" loading={fresh.isPending} onClick={() => fresh.mutate()}>
                {say("readAgain")}
              </Button>
              <Button size="xs" variant="default" color="red" onClick={() => save.mutate(undefined)}>
                {say("overwrite")}
              </Button>
            </Group>
          </Alert>
        ) : (
          save.error !== null && <Failure error={save.error} />
        )}
        {savedAt !== null && !edited && <Health flow={flow} name={name} since={savedAt} />}
        <Group justify="flex-end" gap="xs">
          {exists && (
            <Badge variant="light" color={edited ? "orange" : "gray"} tt="none" role="status">
              {say(edited ? "unsaved" : "saved")}
            </Badge>
          )}
          <Button variant="default" onClick={onClose}>
            {sayPart("close")}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!edited}>
            {say("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Whether what was saved starts. */
function Health({ flow, name, since }: { flow: string; name: string; since: number }): ReactNode {
  const say = useText(code);
  const view = useFunction(flow, name, since);
  if (!view?.state) return null;
  const failed = view.state === "backoff" || (view.last_error != null && view.state !== "starting");
  const words = failed && view.state === "ready" ? say("oldGoesOn") : say(stateOf(view.state));
  return (
    <Alert color={failed ? "red" : "green"} variant="light" py="xs" role="status" icon={<Icon name={failed ? "warning" : "check"} />} title={words}>
      {failed && view.last_error && <pre className="run__error">{view.last_error}</pre>}
    </Alert>
  );
}

function stateOf(state: string): "starting" | "ready" | "stopped" | "backoff" {
  return state === "starting" || state === "ready" || state === "stopped" ? state : "backoff";
}
