/** Python and JavaScript in the editor's colours: words, texts, numbers, comments. What they mean is not read. */
import { StreamLanguage, type StreamParser, type StringStream } from "@codemirror/language";

interface State {
  /** What ends the text that goes on over lines; `null` outside of one. */
  until: string | null;
}

interface Kind {
  readonly keywords: ReadonlySet<string>;
  readonly constants: ReadonlySet<string>;
  readonly comment: string;
  /** What begins texts, those of several lines before the others. */
  readonly quotes: readonly { readonly mark: string; readonly lines: boolean }[];
  readonly indentUnit: number;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const PYTHON: Kind = {
  keywords: words(
    "and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield",
  ),
  constants: words("False None True self"),
  comment: "#",
  quotes: [
    { mark: '"""', lines: true },
    { mark: "'''", lines: true },
    { mark: '"', lines: false },
    { mark: "'", lines: false },
  ],
  indentUnit: 4,
};

const JAVASCRIPT: Kind = {
  keywords: words(
    "async await break case catch class const continue default delete do else export extends finally for from function if import in instanceof let new of return static switch throw try typeof var void while with yield",
  ),
  constants: words("false null this true undefined"),
  comment: "//",
  quotes: [
    { mark: "`", lines: true },
    { mark: '"', lines: false },
    { mark: "'", lines: false },
  ],
  indentUnit: 2,
};

function text(stream: StringStream, state: State, lines: boolean): string {
  while (!stream.eol()) {
    if (stream.match("\\")) stream.next();
    else if (state.until !== null && stream.match(state.until)) {
      state.until = null;
      return "string";
    } else stream.next();
  }
  if (!lines) state.until = null;
  return "string";
}

function parser(kind: Kind): StreamParser<State> {
  return {
    startState: () => ({ until: null }),
    token: (stream, state) => {
      if (state.until !== null) return text(stream, state, true);
      if (stream.eatSpace()) return null;
      if (stream.match(kind.comment)) {
        stream.skipToEnd();
        return "comment";
      }
      stream.match(/^[rbfu]{1,2}(?=["'])/i);
      for (const { mark, lines } of kind.quotes) {
        if (stream.match(mark)) {
          state.until = mark;
          return text(stream, state, lines);
        }
      }
      if (stream.match(/^\d[\w.]*/)) return "number";
      if (stream.match(/^@[\w.]+/)) return "meta";
      const word = stream.match(/^[\p{L}_$][\p{L}\p{N}_$]*/u);
      if (word && typeof word === "object") return kind.keywords.has(word[0]) ? "keyword" : kind.constants.has(word[0]) ? "atom" : null;
      stream.next();
      return null;
    },
    languageData: { commentTokens: { line: kind.comment } },
  };
}

export const python = StreamLanguage.define(parser(PYTHON));
export const javascript = StreamLanguage.define(parser(JAVASCRIPT));
export const INDENT: Readonly<Record<"python" | "javascript", string>> = {
  python: " ".repeat(PYTHON.indentUnit),
  javascript: " ".repeat(JAVASCRIPT.indentUnit),
};
