/** What can be done with an execution as it stands, by who looks at it. */
import { ActionIcon, Button, CopyButton, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { answer, api, isUnreachable } from "../../../client/api";
import { useMay } from "../../../client/session";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import { parts } from "../../../parts/messages";
import type { ExecutionDetail } from "./data";
import { one } from "./messages";
import { Rerun } from "./Rerun";
import { SaveTest } from "./SaveTest";

type Asked = "rerun" | "cancel" | "delete" | "test";

export function Actions({ execution }: { execution: ExecutionDetail }): ReactNode {
  const say = useText(one);
  const may = useMay("operator", useNamespace());
  const [asked, setAsked] = useState<Asked | null>(null);
  const ended = execution.ended_at !== null;
  const close = () => setAsked(null);
  return (
    <>
      {may && ended && (
        <Button size="xs" leftSection={<Icon name="again" size={14} />} onClick={() => setAsked("rerun")}>
          {say("rerun")}
        </Button>
      )}
      {may && !ended && <Pausing execution={execution} />}
      {may && !ended && (
        <Button size="xs" variant="light" color="red" leftSection={<Icon name="stop" size={14} />} onClick={() => setAsked("cancel")}>
          {say("cancelIt")}
        </Button>
      )}
      {/* Copied when it is asked for: by then the address says what is looked at. */}
      <CopyLink />
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={say("more")}>
            <Icon name="menu" size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} href={`/executions?rerun_of=${encodeURIComponent(execution.id)}`}>
            {say("reruns")}
          </Menu.Item>
          <Menu.Item component={Link} href={`/executions?parent=${encodeURIComponent(execution.id)}`}>
            {say("children")}
          </Menu.Item>
          {ended && (
            <Menu.Item leftSection={<Icon name="check" size={14} />} onClick={() => setAsked("test")}>
              {say("saveTest")}
            </Menu.Item>
          )}
          {may && ended && (
            <Menu.Item c="var(--mantine-color-error)" leftSection={<Icon name="trash" size={14} />} onClick={() => setAsked("delete")}>
              {say("delete")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asked === "rerun" && <Rerun execution={execution} run={null} onClose={close} />}
      {asked === "test" && <SaveTest execution={execution} onClose={close} />}
      {asked === "cancel" && <Cancel execution={execution} onClose={close} />}
      {asked === "delete" && <Delete execution={execution} onClose={close} />}
    </>
  );
}

function CopyLink(): ReactNode {
  const say = useText(one);
  const [link, setLink] = useState("");
  const look = () => setLink(window.location.href);
  return (
    <CopyButton value={link}>
      {({ copied, copy }) => (
        <Button size="xs" variant="default" onPointerDown={look} onFocus={look} onClick={copy} leftSection={<Icon name={copied ? "check" : "copy"} size={14} />}>
          {copied ? say("linkCopied") : say("copyLink")}
        </Button>
      )}
    </CopyButton>
  );
}

function useChanged(execution: ExecutionDetail): (output: unknown, error: Error | null) => Promise<void> | undefined {
  const namespace = useNamespace();
  const client = useQueryClient();
  return (_output, error) => {
    const read = client.invalidateQueries({ queryKey: ["execution", namespace, execution.id] });
    // That the server is gone is told now, not when it is back and all is read.
    return isUnreachable(error) ? undefined : read;
  };
}

function Pausing({ execution }: { execution: ExecutionDetail }): ReactNode {
  const say = useText(one);
  const namespace = useNamespace();
  const changed = useChanged(execution);
  const suspended = execution.status === "suspended";
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const params = { path: { namespace, execution_id: execution.id } };
      return answer(
        suspended
          ? api.POST("/api/v1/namespaces/{namespace}/executions/{execution_id}/resume", { params })
          : api.POST("/api/v1/namespaces/{namespace}/executions/{execution_id}/suspend", { params }),
      );
    },
    onSettled: changed,
  });
  return (
    <Group gap="xs">
      {error !== null && (
        <Text size="sm" c="red" role="alert">
          {error.message}
        </Text>
      )}
      <Button size="xs" variant="default" loading={isPending} leftSection={<Icon name={suspended ? "run" : "pause"} size={14} />} onClick={() => mutate()}>
        {suspended ? say("resume") : say("suspend")}
      </Button>
    </Group>
  );
}

function Cancel({ execution, onClose }: { execution: ExecutionDetail; onClose: () => void }): ReactNode {
  const say = useText(one);
  const namespace = useNamespace();
  const changed = useChanged(execution);
  const [reason, setReason] = useState("");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/namespaces/{namespace}/executions/{execution_id}/cancel", {
          params: { path: { namespace, execution_id: execution.id } },
          body: { reason: reason.trim() || null },
        }),
      ),
    onSuccess: onClose,
    onSettled: changed,
  });
  return (
    <Confirm title={say("cancelTitle")} text={say("cancelText")} act={say("cancelIt")} busy={isPending} error={error} onAct={() => mutate()} onClose={onClose}>
      <TextInput label={say("reason")} value={reason} maxLength={2_000} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
    </Confirm>
  );
}

function Delete({ execution, onClose }: { execution: ExecutionDetail; onClose: () => void }): ReactNode {
  const say = useText(one);
  const namespace = useNamespace();
  const [, go] = useLocation();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      answer(api.DELETE("/api/v1/namespaces/{namespace}/executions/{execution_id}", { params: { path: { namespace, execution_id: execution.id } } })),
    onSuccess: () => go("/executions"),
  });
  return <Confirm title={say("deleteTitle")} text={say("deleteText")} act={say("delete")} busy={isPending} error={error} onAct={() => mutate()} onClose={onClose} />;
}

interface ConfirmProps {
  readonly title: string;
  readonly text: string;
  readonly act: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onAct: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

function Confirm({ title, text, act, busy, error, onAct, onClose, children }: ConfirmProps): ReactNode {
  const sayPart = useText(parts);
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": sayPart("close") }}>
      <Stack>
        <Text size="sm">{text}</Text>
        {children}
        {error !== null && <Failure error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {sayPart("close")}
          </Button>
          <Button color="red" loading={busy} onClick={onAct}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
