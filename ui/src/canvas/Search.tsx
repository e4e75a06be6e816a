/** Finding a step: what is typed is looked for, Enter goes from one to the next. */
import { ActionIcon, Group, Paper, Text, TextInput } from "@mantine/core";
import { useStoreApi } from "@xyflow/react";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { nodesWith } from "../graph/model/find";
import type { Graph } from "../graph/model/graph";
import { useText } from "../language/language";
import { Icon } from "../parts/icons";
import { canvas } from "./messages";

interface Props {
  readonly graph: Graph;
  readonly selected: string | undefined;
  readonly onShow: (id: string) => void;
  readonly onClose: () => void;
}

export function Search({ graph, selected, onShow, onClose }: Props): ReactNode {
  const say = useText(canvas);
  const [text, setText] = useState("");
  const found = useMemo(() => nodesWith(graph, text), [graph, text]);
  const at = selected === undefined ? -1 : found.indexOf(selected);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  useMarks(found);
  const go = (by: number) => {
    const next = found[at < 0 ? (by > 0 ? 0 : found.length - 1) : (at + by + found.length) % found.length];
    if (next !== undefined) onShow(next);
  };
  return (
    <Paper shadow="sm" p={6} withBorder role="search" className="canvas-search">
      <Group gap={4} wrap="nowrap">
        <TextInput
          ref={input}
          size="xs"
          w={210}
          aria-label={say("searchFor")}
          placeholder={say("searchFor")}
          value={text}
          leftSection={<Icon name="search" size={14} />}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setText(value);
            const first = nodesWith(graph, value)[0];
            if (first !== undefined) onShow(first);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
            else if (event.key === "Escape") onClose();
            else return;
            event.preventDefault();
          }}
        />
        <Text size="xs" c="dimmed" miw={70} ta="center" role="status">
          {text.trim() === "" ? "" : found.length === 0 ? say("noneFound") : say("found", { at: at + 1, count: found.length })}
        </Text>
        <ActionIcon variant="subtle" color="gray" size="sm" disabled={found.length === 0} aria-label={say("previousFound")} onClick={() => go(-1)}>
          <Icon name="left" size={14} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size="sm" disabled={found.length === 0} aria-label={say("nextFound")} onClick={() => go(1)}>
          <Icon name="right" size={14} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={say("closeSearch")} onClick={onClose}>
          <Icon name="cross" size={14} />
        </ActionIcon>
      </Group>
    </Paper>
  );
}

/** Mark what was found. A rule in a sheet of its own marks nodes that are drawn only later, too. */
function useMarks(found: readonly string[]): void {
  const store = useStoreApi();
  useEffect(() => {
    const frame = store.getState().domNode;
    if (!frame || found.length === 0) return undefined;
    const sheet = document.createElement("style");
    sheet.textContent = `${found.map((id) => `.react-flow__node[data-id="${CSS.escape(id)}"] > *`).join(",")} { outline: 2px solid var(--found); outline-offset: 2px; }`;
    frame.append(sheet);
    return () => sheet.remove();
  }, [found, store]);
}
