/** Saving is a version with a message; who saved meanwhile is shown, and nothing is lost. */
import { Button, Group, List, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { ApiProblem, api, fullAnswer } from "../../../client/api";
import { open } from "../../../graph/document/source";
import { differenceOf, statusOf } from "../../../graph/model/diff";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Failure } from "../../../parts/Failure";
import { useEditor, useEditorStore } from "./context";
import { saveLayout, saveText } from "./data";
import { editor } from "./messages";
import { isDirty } from "./store";

interface Theirs {
  readonly text: string;
  readonly etag: string | null;
}

export function Saving({ name, opened, onClose }: { name: string; opened: boolean; onClose: () => void }): ReactNode {
  const say = useText(editor);
  const store = useEditorStore();
  const namespace = useNamespace();
  const queries = useQueryClient();
  const [message, setMessage] = useState("");
  const [theirs, setTheirs] = useState<Theirs | null>(null);
  const save = useMutation({
    mutationFn: async (etag: string | null) => {
      const { draft, layout, saved } = store.getState();
      let now = etag;
      if (draft.text !== saved.text) {
        try {
          now = (await saveText(namespace, name, draft.text, message.trim(), etag)).etag;
        } catch (error) {
          if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
          const found = await fullAnswer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}", { params: { path: { namespace, name } } }));
          setTheirs({ text: found.data.text, etag: found.etag });
          return;
        }
      }
      if (layout !== saved.layout) await saveLayout(namespace, name, layout);
      store.getState().savedAs(draft.text, layout, now);
      setTheirs(null);
      setMessage("");
      onClose();
      await queries.invalidateQueries({ queryKey: ["flows", namespace] });
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title={theirs ? say("conflictTitle") : say("saveTitle")} size="lg">
      {theirs ? (
        <Stack>
          <Conflict theirs={theirs.text} />
          {save.error && <Failure error={save.error} />}
          <Group justify="flex-end">
            <Button
              variant="default"
              onClick={() => {
                store.getState().take(theirs.text, theirs.etag);
                setTheirs(null);
                onClose();
              }}
            >
              {say("takeTheirs")}
            </Button>
            <Button loading={save.isPending} onClick={() => save.mutate(theirs.etag)}>
              {say("keepMine")}
            </Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(store.getState().saved.etag);
          }}
        >
          <Stack>
            <TextInput label={say("message")} value={message} onChange={(event) => setMessage(event.currentTarget.value)} data-autofocus maxLength={500} />
            {save.error && <Failure error={save.error} />}
            <Group justify="flex-end">
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

/** What differs between one's own text and theirs, step by step. */
function Conflict({ theirs }: { theirs: string }): ReactNode {
  const say = useText(editor);
  const picture = useEditor((state) => state.draft.picture);
  const changes = useMemo(() => {
    const other = open(theirs).source;
    if (!picture || !other) return [];
    return differenceOf(other.root.data, picture.root.data).tasks.flatMap((task) => {
      const status = statusOf(task);
      return status === "same" ? [] : [{ path: task.after?.path ?? task.before?.path ?? "", status }];
    });
  }, [picture, theirs]);
  return (
    <>
      <Text size="sm">{changes.length > 0 ? say("conflict") : say("conflictSame")}</Text>
      <List size="sm">
        {changes.map(({ path, status }) => (
          <List.Item key={path}>
            <b>{path}</b>: {say(status)}
          </List.Item>
        ))}
      </List>
    </>
  );
}

/** Whether the editor has something that is not saved. */
export function useDirty(): boolean {
  return useEditor(isDirty);
}
