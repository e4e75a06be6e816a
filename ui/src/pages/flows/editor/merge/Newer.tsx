/** Says while one edits that somebody saved a newer version. */
import { Alert, Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../../../language/language";
import { Icon } from "../../../../parts/icons";
import type { LoadedFlow } from "../../data";
import { useEditor, useEditorStore } from "../context";
import { isDirty } from "../store";
import { joining } from "./messages";
import { generationOf } from "./theirs";

interface Props {
  /** What the server has. */
  readonly loaded: LoadedFlow;
  readonly onJoin: () => void;
}

export function Newer({ loaded, onJoin }: Props): ReactNode {
  const say = useText(joining);
  const store = useEditorStore();
  const generation = useEditor(({ saved }) => generationOf(saved.etag));
  const dirty = useEditor(isDirty);
  if (generationOf(loaded.etag) <= generation) return null;
  const { flow, etag, layout } = loaded;
  return (
    <Alert color="blue" variant="light" py="xs" icon={<Icon name="user" />}>
      <Group justify="space-between">
        <Text size="sm">{say("newer", { who: flow.updated_by, version: flow.version })}</Text>
        {dirty ? (
          <Button size="xs" variant="default" onClick={onJoin}>
            {say("look")}
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={() => store.getState().join(flow.text, layout, { text: flow.text, layout, etag })}>
            {say("show")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
