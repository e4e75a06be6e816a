/**
 * A text while it is being written: the last readable document stays the picture while the text is broken,
 * with the problem beside it.
 */
import { difference } from "./lines";
import type { TextProblem } from "./problem";
import { reopened } from "./reread";
import { open, type Source } from "./source";

export interface Draft {
  readonly text: string;
  /** The document of the text, or the last one that could be read; `null` when none ever could. */
  readonly picture: Source | null;
  /** Why the text cannot be read now; edits on the picture have to wait until it can. */
  readonly problem: TextProblem | null;
}

/** Begin with a text. */
export function drafted(text: string): Draft {
  const { source, problem } = open(text);
  return { text, picture: source ?? null, problem: problem ?? null };
}

/** The draft after its text was edited by hand. */
export function typed(draft: Draft, text: string): Draft {
  if (text === draft.text) return draft;
  const { picture } = draft;
  // The picture is of the text only while there is no problem; then reading what changed is enough.
  const splice = picture && !draft.problem ? difference(draft.text, text) : null;
  const { source, problem } = picture && splice ? reopened(picture, [splice]) : open(text);
  return { text, picture: source ?? picture, problem: problem ?? null };
}

/** The draft after an edit of its picture. */
export function drawn(source: Source): Draft {
  return { text: source.text, picture: source, problem: null };
}
