/** The state of the editor: one text, its picture, where things stand, and the way back. */
import { createStore, type StoreApi } from "zustand/vanilla";
import { drafted, drawn, typed, type Draft } from "../../../graph/document/draft";
import { EditError } from "../../../graph/document/problem";
import type { Source } from "../../../graph/document/source";
import { carried, withCollapsed, withPoints, type LayoutFile, type Point } from "../../../graph/layout/file";
import { mergedLayout, yielded, type Overruled } from "../../../graph/layout/merge";
import { graphOf } from "../../../graph/model/build";
import { pathChanges } from "../../../graph/model/diff";
import { Unfinished } from "./unfinished";

interface Moment {
  readonly draft: Draft;
  readonly layout: LayoutFile;
}

export interface Edit {
  readonly source: Source;
  /** What to select afterwards, by id. */
  readonly select?: readonly string[];
  /** Where to put what is new, by id; relative to what it is drawn in. */
  readonly points?: Readonly<Record<string, Point>>;
  /** What else becomes of the layout, in the same step. */
  readonly relaid?: (layout: LayoutFile) => LayoutFile;
}

export interface EditorState extends Moment {
  readonly past: readonly Moment[];
  readonly future: readonly Moment[];
  /** By id. */
  readonly selected: readonly string[];
  /** Why the last edit was refused. */
  readonly refusal: EditError | null;
  /** What the server has: the text, the layout, and what names them. */
  readonly saved: { readonly text: string; readonly layout: LayoutFile; readonly etag: string | null };
  /** What somebody else moved too, and stands as it was put here; until that has been read. */
  readonly overruled: Overruled | null;
  /** What is typed into fields and cannot be taken yet. */
  readonly unfinished: Unfinished;

  /** Edit the picture. An edit that is refused changes nothing and says why. */
  readonly edit: (make: (source: Source) => Edit) => void;
  /** The text as it is typed. What is typed in one go is one step back. */
  readonly type: (text: string) => void;
  readonly move: (points: Readonly<Record<string, Point>>) => void;
  readonly fold: (path: string, collapsed: boolean) => void;
  readonly place: (layout: LayoutFile) => void;
  readonly select: (ids: readonly string[]) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly forgive: () => void;
  /** The server has this now; `sent` is the layout from which the saved one was made, with what others moved. */
  readonly savedAs: (text: string, layout: LayoutFile, etag: string | null, sent: LayoutFile, overruled?: Overruled | null) => void;
  /** Go on with what came of one's own and what somebody else `saved`; one's own is one step back. */
  readonly join: (text: string, layout: LayoutFile, saved: EditorState["saved"], overruled?: Overruled | null) => void;
  /** Put what was overruled where the others had put it, or leave it. */
  readonly giveWay: (theirs: boolean) => void;
}

const STEPS_MAX = 200;
/** Typing goes on being one step while the pauses are shorter. */
const TYPING_MS = 1_000;

export function editorStore(
  text: string,
  layout: LayoutFile,
  etag: string | null,
  now: () => number = () => Date.now(),
): StoreApi<EditorState> {
  let typedAt = -Infinity;
  const unfinished = new Unfinished();
  return createStore<EditorState>((set, get) => {
    const advance = (next: Partial<Moment>, more: Partial<EditorState> = {}) => {
      const { draft, layout: placed, past } = get();
      set({ ...next, ...more, past: [...past, { draft, layout: placed }].slice(-STEPS_MAX), future: [], refusal: more.refusal ?? null });
    };
    const follow = (before: Source | null, after: Source | null, placed: LayoutFile): LayoutFile => {
      if (!before || !after || before === after) return placed;
      const { paths, gone } = pathChanges(before.root.data, after.root.data);
      unfinished.follow(paths);
      return carried(placed, paths, gone);
    };
    return {
      draft: drafted(text),
      layout,
      past: [],
      future: [],
      selected: [],
      refusal: null,
      saved: { text, layout, etag },
      overruled: null,
      unfinished,
      edit: (make) => {
        const { draft, layout: placed } = get();
        if (!draft.picture) return;
        if (draft.problem) {
          set({ refusal: new EditError("unreadable", `line ${draft.problem.line} cannot be read; mend it first`, { line: String(draft.problem.line) }) });
          return;
        }
        try {
          const { source, select, points, relaid } = make(draft.picture);
          typedAt = -Infinity;
          if (source === draft.picture && !relaid) {
            set({ refusal: null, ...(select ? { selected: select } : {}) });
            return;
          }
          let layoutNow = follow(draft.picture, source, placed);
          if (points) layoutNow = withPoints(layoutNow, byPath(source, points));
          if (relaid) layoutNow = relaid(layoutNow);
          advance({ draft: source === draft.picture ? draft : drawn(source), layout: layoutNow }, select ? { selected: select } : {});
        } catch (error) {
          if (!(error instanceof EditError)) throw error;
          set({ refusal: error });
        }
      },
      type: (next) => {
        const { draft, layout: placed } = get();
        if (next === draft.text) return;
        const after = typed(draft, next);
        const moment = { draft: after, layout: follow(draft.picture, after.picture, placed) };
        if (now() - typedAt < TYPING_MS) set(moment);
        else advance(moment);
        typedAt = now();
      },
      move: (points) => advance({ layout: withPoints(get().layout, points) }),
      fold: (path, collapsed) => advance({ layout: withCollapsed(get().layout, path, collapsed) }),
      place: (next) => advance({ layout: next }),
      select: (ids) => {
        const { selected } = get();
        if (ids.length !== selected.length || ids.some((id, at) => id !== selected[at])) set({ selected: ids });
      },
      undo: () => {
        const { past, future, draft, layout: placed } = get();
        const last = past.at(-1);
        typedAt = -Infinity;
        if (last) set({ ...last, past: past.slice(0, -1), future: [{ draft, layout: placed }, ...future], refusal: null });
      },
      redo: () => {
        const { past, future, draft, layout: placed } = get();
        const [next, ...rest] = future;
        typedAt = -Infinity;
        if (next) set({ ...next, past: [...past, { draft, layout: placed }], future: rest, refusal: null });
      },
      forgive: () => set({ refusal: null }),
      savedAs: (savedText, savedLayout, savedEtag, sent, overruled = null) => {
        const now = get().layout;
        // What was moved while it was being saved is still to be saved.
        const placed = now === sent ? savedLayout : mergedLayout(sent, now, savedLayout);
        // What was said before and not read is still true of what this save did not decide.
        set({ layout: placed, saved: { text: savedText, layout: savedLayout, etag: savedEtag }, ...(overruled ? { overruled } : {}) });
      },
      join: (text, layout, saved, overruled = null) => advance({ draft: drafted(text), layout }, { saved, overruled }),
      giveWay: (theirs) => {
        const { overruled, layout: placed } = get();
        if (theirs && overruled) advance({ layout: yielded(placed, overruled) });
        set({ overruled: null });
      },
    };
  });
}

function byPath(source: Source, points: Readonly<Record<string, Point>>): Record<string, Point> {
  const graph = graphOf(source.root.data);
  return Object.fromEntries(
    Object.entries(points).flatMap(([id, point]) => {
      const node = graph.byId.get(id);
      return node ? [[node.path, point] as const] : [];
    }),
  );
}

/** Whether there is something that the server has not. */
export function isDirty({ draft, layout, saved }: EditorState): boolean {
  return draft.text !== saved.text || layout !== saved.layout;
}
