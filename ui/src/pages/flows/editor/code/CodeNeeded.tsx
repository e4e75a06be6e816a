/** Says which functions of the flow have no code, with the way to write it. */
import { Alert, Button, Group } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { open } from "../../../../graph/document/source";
import { useText } from "../../../../language/language";
import { Icon } from "../../../../parts/icons";
import { useEditor, useEditorStore } from "../context";
import { CodeDialog } from "./CodeDialog";
import { useMissing } from "./data";
import { ownFunctions } from "./functions";
import { code } from "./messages";

export function CodeNeeded({ flow }: { flow: string }): ReactNode {
  const say = useText(code);
  const deployed = useDeployedFunctions();
  const missing = useMissing(flow, deployed);
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <>
      {missing.length > 0 && (
        <Alert variant="light" color="orange" py="xs" icon={<Icon name="warning" />} title={say("missingCode", { names: missing.join(", ") })}>
          <Group gap="xs">
            {missing.map((name) => (
              <Button key={name} size="compact-sm" variant="default" aria-label={`${say("write")}: ${name}`} onClick={() => setOpened(name)}>
                {say("write")}: {name}
              </Button>
            ))}
          </Group>
        </Alert>
      )}
      {opened !== null && <CodeDialog flow={flow} name={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

/** The functions that the server knows: those of the text that is saved. */
export function useDeployedFunctions(): readonly string[] {
  const store = useEditorStore();
  const text = useEditor((state) => state.saved.text);
  return useMemo(() => {
    const { draft } = store.getState();
    // Mostly that text has been read already.
    const source = draft.text === text && !draft.problem ? draft.picture : open(text).source;
    return source ? ownFunctions(source.root.data) : [];
  }, [store, text]);
}
