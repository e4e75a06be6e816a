/** Puts what is selected in line. */
import { ActionIcon, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { ALIGNMENTS, canAlign, type Alignment } from "../../../graph/layout/align";
import { useText } from "../../../language/language";
import { Icon, type IconName } from "../../../parts/icons";
import { editor } from "./messages";

const ICONS: Record<Alignment, IconName> = {
  left: "alignLeft",
  centre: "alignCentre",
  right: "alignRight",
  top: "alignTop",
  middle: "alignMiddle",
  bottom: "alignBottom",
  across: "spreadAcross",
  down: "spreadDown",
};

export function Align({ count, onAlign }: { count: number; onAlign: (how: Alignment) => void }): ReactNode {
  const say = useText(editor);
  const words: Record<Alignment, string> = {
    left: say("alignLeft"),
    centre: say("alignCentre"),
    right: say("alignRight"),
    top: say("alignTop"),
    middle: say("alignMiddle"),
    bottom: say("alignBottom"),
    across: say("spreadAcross"),
    down: say("spreadDown"),
  };
  return (
    <ActionIcon.Group role="toolbar" aria-label={say("align", { count })} className="canvas-zoom">
      {ALIGNMENTS.map((how) => (
        <Tooltip key={how} label={words[how]}>
          <ActionIcon variant="default" size="md" aria-label={words[how]} disabled={!canAlign(how, count)} onClick={() => onAlign(how)}>
            <Icon name={ICONS[how]} size={15} />
          </ActionIcon>
        </Tooltip>
      ))}
    </ActionIcon.Group>
  );
}
