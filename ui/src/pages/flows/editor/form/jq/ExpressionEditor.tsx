/** CodeMirror for one expression: one line that grows, with completion and its errors. Loaded when it is shown. */
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, insertNewline } from "@codemirror/commands";
import { bracketMatching, defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder as placeholderOf } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import { difference } from "../../../../../graph/document/lines";
import { completions, type CompletionAsk } from "./complete";
import { bareJq, templateJq } from "./language";

export interface ExpressionEditorProps {
  readonly id: string;
  readonly value: string;
  readonly label: string;
  readonly describedBy: string;
  readonly placeholder: string;
  readonly ask: CompletionAsk;
  /** Where it does not compile, with why. */
  readonly problem: { readonly offset: number; readonly message: string } | null;
  readonly invalid: boolean;
  readonly onChange: (value: string) => void;
  readonly onCommit: () => void;
  readonly onRevert: () => void;
  readonly onFocus: () => void;
}

const fromOutside = Annotation.define<boolean>();

const light = HighlightStyle.define([
  { tag: tags.processingInstruction, color: "#8a3ffc", fontWeight: "600" },
  { tag: tags.propertyName, color: "#0b5c8a" },
  { tag: tags.special(tags.variableName), color: "#9c2b6b" },
  { tag: tags.function(tags.variableName), color: "#1c6b3c" },
  { tag: tags.operator, color: "#52606d" },
]);
const dark = HighlightStyle.define([
  { tag: tags.processingInstruction, color: "#c4a1ff", fontWeight: "600" },
  { tag: tags.propertyName, color: "#74c0fc" },
  { tag: tags.special(tags.variableName), color: "#f9a8d4" },
  { tag: tags.function(tags.variableName), color: "#8ce99a" },
  { tag: [tags.string, tags.number], color: "#ffd8a8" },
  { tag: tags.keyword, color: "#ffc078" },
  { tag: tags.comment, color: "#a6adb5", fontStyle: "italic" },
  { tag: tags.operator, color: "#ced4da" },
]);

function dress(isDark: boolean) {
  return [
    EditorView.theme(
      {
        "&": { fontSize: "13px", color: "var(--mantine-color-text)" },
        "&.cm-focused": { outline: "none" },
        ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", maxHeight: "16em", lineHeight: "1.5" },
        ".cm-content": { padding: "6px 0" },
        ".cm-line": { padding: "0 8px" },
        ".cm-placeholder": { color: "var(--mantine-color-placeholder)" },
        ".cm-tooltip": { backgroundColor: "var(--mantine-color-body)", color: "var(--mantine-color-text)", border: "1px solid var(--mantine-color-default-border)", borderRadius: "4px" },
        ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--mantine-color-cyan-filled)", color: "#fff" },
        ".cm-completionInfo": { padding: "6px 10px", maxWidth: "320px" },
      },
      { dark: isDark },
    ),
    syntaxHighlighting(isDark ? dark : light),
    syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
  ];
}

export default function ExpressionEditor(props: ExpressionEditorProps): ReactNode {
  const { id, value, label, describedBy, placeholder, ask, problem, invalid } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const theme = useRef(new Compartment());
  const said = useRef(new Compartment());
  const latest = useRef(props);
  const isDark = useComputedColorScheme() === "dark";
  useEffect(() => {
    latest.current = props;
  });
  const { bare } = ask;

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        extensions: [
          history(),
          bracketMatching(),
          closeBrackets(),
          EditorView.lineWrapping,
          placeholderOf(placeholder),
          bare ? bareJq : templateJq,
          autocompletion({ override: [(context) => completions(context, latest.current.ask)], activateOnTyping: true, maxRenderedOptions: 60, icons: false }),
          Prec.highest(
            keymap.of([
              { key: "Tab", run: acceptCompletion },
              { key: "Shift-Enter", run: insertNewline },
              {
                key: "Enter",
                run: (target) => {
                  if (completionStatus(target.state) === "active" && acceptCompletion(target)) return true;
                  latest.current.onCommit();
                  return true;
                },
              },
              {
                key: "Escape",
                run: (target) => {
                  if (completionStatus(target.state) !== null) return false;
                  latest.current.onRevert();
                  return true;
                },
              },
            ]),
          ),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          said.current.of([]),
          theme.current.of(dress(false)),
          EditorView.updateListener.of((update) => {
            const own = update.transactions.some((each) => each.docChanged && each.annotation(fromOutside) !== true);
            if (own) latest.current.onChange(update.state.doc.toString());
            if (update.focusChanged) {
              if (update.view.hasFocus) latest.current.onFocus();
              else latest.current.onCommit();
            }
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, [bare, placeholder]);

  useEffect(() => {
    const splice = view.current && difference(view.current.state.doc.toString(), value);
    if (splice) view.current?.dispatch({ changes: { from: splice.from, to: splice.to, insert: splice.text }, annotations: fromOutside.of(true) });
  }, [value, bare, placeholder]);

  useEffect(() => {
    const attributes = { id, "aria-label": label, "aria-describedby": describedBy, ...(invalid ? { "aria-invalid": "true" } : {}), spellcheck: "false" };
    view.current?.dispatch({ effects: said.current.reconfigure(EditorView.contentAttributes.of(attributes)) });
  }, [id, label, describedBy, invalid, bare, placeholder]);

  useEffect(() => {
    view.current?.dispatch({ effects: theme.current.reconfigure(dress(isDark)) });
  }, [isDark, bare, placeholder]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const end = editor.state.doc.length;
    const from = Math.min(problem?.offset ?? 0, end);
    const marks = problem ? [{ from: Math.min(from, Math.max(end - 1, 0)), to: Math.max(from, Math.min(from + 1, end)), severity: "error" as const, message: problem.message }] : [];
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [problem, value, bare, placeholder]);

  return <div ref={host} />;
}
