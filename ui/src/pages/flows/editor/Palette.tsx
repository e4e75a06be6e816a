/** What can be added: dragged onto the canvas, or by a click behind what is selected. */
import { ScrollArea, Text, UnstyledButton } from "@mantine/core";
import { memo, type ReactNode } from "react";
import { useShallow } from "zustand/react/shallow";
import { TASK_ICONS } from "../../../canvas/icons";
import { KINDS } from "../../../graph/document/flow";
import { TRIGGER_KINDS } from "../../../graph/document/templates";
import { isMap } from "../../../graph/json";
import { valueAt } from "../../../graph/pointer";
import { useText } from "../../../language/language";
import { Icon, type IconName } from "../../../parts/icons";
import { NewFunction } from "./code/NewFunction";
import { useEditor } from "./context";
import type { Offer } from "./drops";
import { editor } from "./messages";
import type { EditorState } from "./store";

export const OFFER_TYPE = "application/x-headrace-offer";

/** Drawn anew only when there are other functions: every edit comes by here. */
export const Palette = memo(function Palette({ onAdd }: { onAdd: (offer: Offer) => void }): ReactNode {
  const say = useText(editor);
  const names = useEditor(useShallow(functionNames));
  return (
    <ScrollArea h="100%" type="auto" offsetScrollbars="y" scrollbarSize={8} className="editor__palette">
      <nav aria-label={say("palette")} className="palette">
        <Heading>{say("triggers")}</Heading>
        {TRIGGER_KINDS.map((kind) => (
          <Item key={kind} icon={kind === "cron" || kind === "interval" ? "clock" : "run"} name={kind} offer={{ of: "trigger", kind }} onAdd={onAdd} />
        ))}
        <Heading>{say("steps")}</Heading>
        {[...KINDS].sort().map((kind) => (
          <Item key={kind} icon={TASK_ICONS[kind]} name={kind} offer={{ of: "task", kind }} onAdd={onAdd} />
        ))}
        <Heading>{say("functions")}</Heading>
        {names.map((name) => (
          <Item key={name} icon="function" name={name} offer={{ of: "function", name }} onAdd={onAdd} />
        ))}
        <NewFunction taken={names} />
        <Heading>{say("canvasItself")}</Heading>
        <Item icon="note" name={say("note")} offer={{ of: "note" }} onAdd={onAdd} />
      </nav>
    </ScrollArea>
  );
});

function functionNames({ draft }: EditorState): readonly string[] {
  const functions = valueAt(draft.picture?.root.data, "/spec/functions");
  return isMap(functions) ? Object.keys(functions) : [];
}

function Heading({ children }: { children: string }): ReactNode {
  return (
    <Text component="h2" className="palette__heading" size="xs" fw={700} c="dimmed" mt="xs" mb={4}>
      {children}
    </Text>
  );
}

function Item({ icon, name, offer, onAdd }: { icon: IconName; name: string; offer: Offer; onAdd: (offer: Offer) => void }): ReactNode {
  const say = useText(editor);
  return (
    <UnstyledButton
      className="palette__item"
      draggable
      aria-label={say("add", { name })}
      onClick={() => onAdd(offer)}
      onDragStart={(event) => {
        event.dataTransfer.setData(OFFER_TYPE, JSON.stringify(offer));
        event.dataTransfer.effectAllowed = "copy";
      }}
    >
      <Icon name={icon} size={16} />
      <span>{name}</span>
    </UnstyledButton>
  );
}
