/** Nearer, further, all of it, and where something is. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { useReactFlow } from "@xyflow/react";
import { memo, type ReactNode } from "react";
import { useText } from "../language/language";
import { Icon, type IconName } from "../parts/icons";
import { canvas } from "./messages";

/** While something is dragged everything around it is drawn again, but not this. */
export const Zoom = memo(function Zoom({ onFit, onSearch }: { onFit: () => void; onSearch: () => void }): ReactNode {
  const say = useText(canvas);
  const { zoomIn, zoomOut } = useReactFlow();
  const button = (icon: IconName, label: string, onClick: () => void) => (
    <Tooltip label={label} position="right">
      <ActionIcon variant="default" size="md" aria-label={label} onClick={onClick}>
        <Icon name={icon} size={15} />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <ActionIcon.Group orientation="vertical" className="canvas-zoom">
      {button("plus", say("zoomIn"), () => void zoomIn({ duration: 150 }))}
      {button("minus", say("zoomOut"), () => void zoomOut({ duration: 150 }))}
      {button("fit", say("fit"), onFit)}
      {button("search", say("search"), onSearch)}
    </ActionIcon.Group>
  );
});
