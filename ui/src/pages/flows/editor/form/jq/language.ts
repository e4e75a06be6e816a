/** Colours for jq, inside of `${ }` or bare: a reader for CodeMirror, not a parser. */
import { StreamLanguage, type StringStream } from "@codemirror/language";
import { NAMES } from "./builtins";

interface State {
  /** Inside of an expression: how many braces are open in it; `null` outside. */
  braces: number | null;
}

const KEYWORDS = new Set(["if", "then", "elif", "else", "end", "as", "def", "reduce", "foreach", "try", "catch", "label", "and", "or", "not", "null", "true", "false"]);

function token(stream: StringStream, state: State): string | null {
  if (state.braces === null) {
    if (stream.match("${")) {
      state.braces = 0;
      return "processingInstruction";
    }
    stream.next();
    if (!stream.skipTo("${")) stream.skipToEnd();
    return null;
  }
  if (stream.eatSpace()) return null;
  if (stream.match("${")) return "processingInstruction";
  if (stream.match(/^#.*/)) return "comment";
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
  if (stream.match(/^\$\w+/)) return "variableName.special";
  if (stream.match(/^\d+(\.\d+)?([eE][+-]?\d+)?/)) return "number";
  if (stream.match(/^\.[A-Za-z_]\w*/)) return "propertyName";
  if (stream.match(/^@\w+/)) return "keyword";
  const word = stream.match(/^[A-Za-z_]\w*/);
  if (word && word !== true) return KEYWORDS.has(word[0]) ? "keyword" : NAMES.has(word[0]) ? "variableName.function" : "variableName";
  const character = stream.next();
  if (character === "{") state.braces += 1;
  if (character === "}") {
    if (state.braces === 0) {
      state.braces = null;
      return "processingInstruction";
    }
    state.braces -= 1;
  }
  return "operator";
}

function languageFor(bare: boolean): StreamLanguage<State> {
  return StreamLanguage.define<State>({
    name: "jq",
    startState: () => ({ braces: bare ? 0 : null }),
    copyState: (state) => ({ ...state }),
    token,
  });
}

/** A text that is an expression as a whole. */
export const bareJq = languageFor(true);
/** A text with expressions in it. */
export const templateJq = languageFor(false);
