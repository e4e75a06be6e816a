/** YAML for CodeMirror, read again after an edit only where it was edited. */
import { yamlLanguage } from "@codemirror/lang-yaml";
import { LanguageSupport } from "@codemirror/language";

/**
 * What is shorter is kept in flat buffers, which a later reading cannot take over: with the reader's own 1,024 the list of
 * a flow's steps, a line or two each, was read again wholly after each edit. First readings take a third longer for it.
 */
const BUFFERED_CHARACTERS_MAX = 64;

export const flowYaml = yamlLanguage.configure({ bufferLength: BUFFERED_CHARACTERS_MAX });

export function yaml(): LanguageSupport {
  return new LanguageSupport(flowYaml);
}
