/** What can be written at a cursor: variables, functions, and the keys of the data that is really there. */
import { pickedCompletion, snippetCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { builtinsIn } from "./builtins";
import { keysOf, keyText, shortOf, typedAt } from "./place";
import type { Language } from "../../../../../language/catalog";

export interface CompletionAsk {
  readonly bare: boolean;
  readonly language: Language;
  /** Variables without `$`, with what each is. */
  readonly variables: () => readonly { readonly name: string; readonly value: unknown; readonly line: string }[];
  /** What an expression gives at the place: some of its values. */
  readonly values: (expression: string) => Promise<readonly unknown[]>;
}

/** Complete an expression. */
export async function completions(context: CompletionContext, ask: CompletionAsk): Promise<CompletionResult | null> {
  const text = context.state.doc.toString();
  const typed = typedAt(text, context.pos, ask.bare);
  switch (typed.of) {
    case "text":
      return context.explicit ? { from: typed.from, options: [snippetCompletion("${ ${.} }", { label: "${ … }", type: "keyword" })] } : null;
    case "variable":
      return { from: typed.from, options: variableOptions(ask), validFor: /^\$\w*$/ };
    case "key": {
      const keys = keysOf(await ask.values(typed.base));
      if (context.aborted || keys.length === 0) return null;
      const options = keys.map(({ name, detail }) => ({ label: keyText(name), detail, type: "property" }));
      return { from: typed.from, options, validFor: /^\w*$/ };
    }
    case "word": {
      if (typed.word === "" && !context.explicit) return null;
      const functions = builtinsIn(ask.language).map((each): Completion => ({ label: each.name, info: `${each.signature}: ${each.line}`, type: "function", apply: applied(each.signature) }));
      return { from: typed.from, options: typed.word === "" ? [...variableOptions(ask), ...functions] : functions, validFor: /^\w*$/ };
    }
  }
}

function variableOptions(ask: CompletionAsk): Completion[] {
  return ask.variables().map(({ name, value, line }) => ({ label: `$${name}`, detail: value === undefined ? "" : shortOf(value), ...(line ? { info: line } : {}), type: "variable", boost: 1 }));
}

/** A function with arguments is written with its parentheses, the cursor between them. */
function applied(signature: string): NonNullable<Completion["apply"]> {
  const at = signature.indexOf("(");
  if (at < 0) return signature;
  const name = signature.slice(0, at);
  return (view, completion, from, to) => {
    const open = view.state.sliceDoc(to, to + 1) === "(";
    view.dispatch({ changes: { from, to, insert: open ? name : `${name}()` }, selection: { anchor: from + at + 1 }, userEvent: "input.complete", annotations: pickedCompletion.of(completion) });
  };
}
