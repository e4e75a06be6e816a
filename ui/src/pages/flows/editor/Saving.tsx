/** Saving is a version with a message; what somebody saved meanwhile is put together with it, and nothing is lost. */
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Failure } from "../../../parts/Failure";
import { parts } from "../../../parts/messages";
import { useEditor, useEditorStore } from "./context";
import { Joining } from "./merge/Joining";
import { joining } from "./merge/messages";
import type { Theirs } from "./merge/theirs";
import { editor } from "./messages";
import { saveAll } from "./saveAll";
import { isDirty } from "./store";

/** What was pressed is gone, and the focus with it. */
const takeFocus = (element: HTMLElement | null) => element?.focus();

interface Props {
  readonly name: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** What is to be put together before anything is saved. */
  readonly theirs: Theirs | null;
  readonly onTheirs: (theirs: Theirs | null) => void;
}

export function Saving({ name, opened, onClose, theirs, onTheirs }: Props): ReactNode {
  const say = useText(editor);
  const sayPart = useText(parts);
  const sayJoining = useText(joining);
  const store = useEditorStore();
  const namespace = useNamespace();
  const queries = useQueryClient();
  const [message, setMessage] = useState("");

  const save = useMutation({
    mutationFn: () => saveAll(store, namespace, name, message.trim()),
    onSuccess: async (found) => {
      onTheirs(found);
      if (found) return;
      setMessage("");
      onClose();
      await Promise.all(["flow", "flows", "versions"].map((key) => queries.invalidateQueries({ queryKey: [key, namespace] })));
    },
  });
  const adopt = (text: string) => {
    if (!theirs) return;
    const { flow, layout, etag } = theirs.loaded;
    store.getState().join(text, theirs.layout, { text: flow.text, layout, etag }, theirs.overruled);
    onTheirs(null);
  };
  const take = () => {
    if (!theirs) return;
    const { flow, layout, etag } = theirs.loaded;
    store.getState().join(flow.text, layout, { text: flow.text, layout, etag });
    onTheirs(null);
  };
  const close = () => {
    save.reset();
    onTheirs(null);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={theirs ? sayJoining("title") : say("saveTitle")} size={theirs ? "70rem" : "lg"} closeButtonProps={{ "aria-label": sayPart("close") }}>
      {theirs ? (
        <Stack ref={takeFocus} tabIndex={-1} className="quiet-focus">
          <Joining
            key={theirs.loaded.etag}
            theirs={theirs}
            busy={save.isPending}
            onSave={(text) => {
              adopt(text);
              save.mutate();
            }}
            onEdit={(text) => {
              adopt(text);
              onClose();
            }}
            onTake={() => {
              take();
              onClose();
            }}
            onClose={close}
          />
          {save.error && <Failure error={save.error} />}
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Stack>
            <TextInput label={say("message")} value={message} onChange={(event) => setMessage(event.currentTarget.value)} data-autofocus maxLength={500} />
            {save.error && <Failure error={save.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {sayPart("cancel")}
              </Button>
              <Button type="submit" loading={save.isPending}>
                {say("saveAnyway")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

/** Whether the editor has something that is not saved. */
export function useDirty(): boolean {
  return useEditor(isDirty);
}
