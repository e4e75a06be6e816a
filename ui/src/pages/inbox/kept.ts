/** What is typed into the form of a decision, until it is taken: a reload, or a look elsewhere, loses none of it. In this tab only. */
import type { Draft } from "../../parts/form/field";

type Drafts = Readonly<Record<string, Draft>>;

const PREFIX = "headrace.decision.";

/** What was typed for a place before; nothing where there is nothing, or where the browser keeps nothing. */
export function keptDraft(place: string): Drafts {
  try {
    const kept: unknown = JSON.parse(window.sessionStorage.getItem(PREFIX + place) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Drafts) : {};
  } catch {
    return {};
  }
}

/** Keep what is typed; null forgets it. */
export function keepDraft(place: string, draft: Drafts | null): void {
  try {
    if (draft === null) window.sessionStorage.removeItem(PREFIX + place);
    else window.sessionStorage.setItem(PREFIX + place, JSON.stringify(draft));
  } catch {
    // Full, or not allowed: then it is lost with the page, as anywhere else.
  }
}
