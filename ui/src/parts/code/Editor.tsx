/** CodeMirror as a part: the text comes from outside, edits go back as text. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, defaultHighlightStyle, foldGutter, indentOnInput, indentUnit, syntaxHighlighting, HighlightStyle } from "@codemirror/language";
import { diagnosticCount, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useLayoutEffect, useRef, type ReactNode } from "react";
import { difference } from "../../graph/document/lines";
import type { CodeProps } from "./CodeView";
import { INDENT, javascript, python } from "./program";
import { yaml } from "./yaml";

/** Marks changes that came from outside, so that they are not given back. */
const fromOutside = Annotation.define<boolean>();

const darkHighlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "#74c0fc" },
  { tag: [tags.string, tags.special(tags.string)], color: "#8ce99a" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "#ffc078" },
  { tag: tags.meta, color: "#d0bfff" },
  { tag: tags.comment, color: "#a6adb5", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.brace, tags.squareBracket], color: "#ced4da" },
]);

function dress(dark: boolean) {
  return [
    EditorView.theme(
      {
        "&": { height: "100%", fontSize: "13px", backgroundColor: "var(--mantine-color-body)", color: "var(--mantine-color-text)" },
        ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)" },
        ".cm-gutters": { backgroundColor: "var(--mantine-color-body)", color: "var(--mantine-color-dimmed)", border: "none" },
        "&.cm-focused": { outline: "none" },
      },
      { dark },
    ),
    syntaxHighlighting(dark ? darkHighlight : defaultHighlightStyle),
  ];
}

function languageOf(language: CodeProps["language"]) {
  switch (language) {
    case "json":
      return json();
    case "yaml":
      return yaml();
    case "python":
      return [python, indentUnit.of(INDENT.python)];
    case "javascript":
      return [javascript, indentUnit.of(INDENT.javascript)];
  }
}

/** Put a text in. Only what differs goes in, so that the cursor and what is folded stay. */
function show(editor: EditorView, text: string): void {
  const splice = difference(editor.state.doc.toString(), text);
  if (!splice) return;
  editor.dispatch({ changes: { from: splice.from, to: splice.to, insert: splice.text }, annotations: fromOutside.of(true) });
}

export default function Editor({ text, language, label, onChange, problems, reveal, onCursor, follow }: CodeProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const theme = useRef(new Compartment());
  const changed = useRef(onChange);
  const moved = useRef(onCursor);
  const dark = useComputedColorScheme() === "dark";
  useEffect(() => {
    changed.current = onChange;
    moved.current = onCursor;
  });
  const readOnly = onChange === undefined;

  useLayoutEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        extensions: [
          lineNumbers(),
          foldGutter(),
          lintGutter(),
          history(),
          drawSelection(),
          bracketMatching(),
          indentOnInput(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          languageOf(language),
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
          EditorState.readOnly.of(readOnly),
          // Said, too, for those who look whether what scrolls can be reached by keyboard.
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          theme.current.of(dress(false)),
          EditorView.updateListener.of((update) => {
            const own = update.transactions.some((each) => each.docChanged && each.annotation(fromOutside) !== true);
            if (own) changed.current?.(update.state.doc.toString());
            if (update.selectionSet && update.view.hasFocus) moved.current?.(update.state.selection.main.head);
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, [language, label, readOnly]);

  // With the rest of the page, not after it: what an edit costs the canvas is paid behind it.
  useLayoutEffect(() => {
    if (view.current) show(view.current, text);
  }, [text, language, label, readOnly]);

  useEffect(
    () =>
      follow?.((next) => {
        if (view.current) show(view.current, next);
      }),
    [follow],
  );

  useEffect(() => {
    view.current?.dispatch({ effects: theme.current.reconfigure(dress(dark)) });
  }, [dark, language, label, readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || (!problems?.length && diagnosticCount(editor.state) === 0)) return;
    const end = editor.state.doc.length;
    const marks = (problems ?? []).map((each) => ({ ...each, from: Math.min(each.from, end), to: Math.min(Math.max(each.to, each.from), end) }));
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [problems, text, language, label, readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !reveal) return;
    const end = editor.state.doc.length;
    const from = Math.min(reveal.from, end);
    const to = Math.min(reveal.to, end);
    editor.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  }, [reveal, language, label, readOnly]);

  return <div ref={host} style={{ height: "100%", overflow: "hidden" }} />;
}
