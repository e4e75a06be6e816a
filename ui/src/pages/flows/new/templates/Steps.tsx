/** The picture of a template: what starts it, and its steps. */
import "./templates.css";
import { VisuallyHidden } from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { open } from "../../../../graph/document/source";
import { useText } from "../../../../language/language";
import { Icon } from "../../../../parts/icons";
import { linesOf } from "./lines";
import { newTemplates } from "./messages";

export function Steps({ text }: { text: string }): ReactNode {
  const say = useText(newTemplates);
  const lines = useMemo(() => {
    const { source } = open(text);
    return source ? linesOf(source.root.data) : [];
  }, [text]);
  return (
    <ul className="template-steps" aria-label={say("steps")}>
      {lines.map(({ depth, icon, kind, text: name, starts }, at) => (
        <li key={at} data-starts={starts} style={{ marginInlineStart: depth * 18 }}>
          <Icon name={icon} size={14} />
          {starts && <VisuallyHidden>{say("startsBy", { kind })}</VisuallyHidden>}
          <span className="template-steps__name">{name || kind}</span>
          {!starts && name !== "" && <span className="template-steps__kind">{kind}</span>}
        </li>
      ))}
    </ul>
  );
}
