/** Why an edit was refused, in the language spoken. */
import type { EditError, EditProblem } from "../../../graph/document/problem";
import type { Say } from "../../../language/language";
import type { editor } from "./messages";

export function refusalText(error: EditError, say: Say<typeof editor.en>): string {
  const { anchor = "", name = "" } = error.values;
  const texts: Record<EditProblem, () => string> = {
    alias: () => say("refusedAlias", { anchor }),
    missing: () => say("refusedMissing"),
    "not-a-list": () => say("refusedLayout"),
    "not-a-map": () => say("refusedLayout"),
    "name-taken": () => say("refusedTaken", { name }),
    "name-empty": () => say("refusedEmpty"),
    "name-reserved": () => say("refusedReserved", { name }),
    "flowapp-only": () => say("refusedFlowApp"),
    "other-list": () => say("refusedOther"),
    "into-itself": () => say("refusedInto"),
    "no-place": () => say("refusedNoPlace"),
    layout: () => say("refusedLayout"),
    unreadable: () => ("line" in error.values ? say("broken", { line: error.values["line"] ?? "", message: error.message }) : say("refusedUnreadable")),
  };
  return texts[error.code]();
}
