/** The head of a column with buttons: it has a name for readers only. */
import { Table, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { act } from "./messages";

export function ActionsHead(): ReactNode {
  const say = useText(act);
  return (
    <Table.Th>
      <VisuallyHidden>{say("actions")}</VisuallyHidden>
    </Table.Th>
  );
}
