/** The words of a property, with the name that it has in the text. */
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useLanguage } from "../../../../language/language";
import { HELP, LABELS } from "./labels";

export interface Words {
  readonly title: string;
  readonly help: string | undefined;
}

/** The words for a property: those of its place (`http.endpoint`) before those of its name. */
export function useLabel(path: string, name: string): Words {
  const language = useLanguage((state) => state.language);
  const [en, zh] = LABELS[path] ?? LABELS[name] ?? [name, name];
  const help = HELP[path] ?? HELP[name];
  return { title: language === "zh" ? zh : en, help: help?.[language === "zh" ? 1 : 0] };
}

export function Label({ words, name }: { words: Words; name: string }): ReactNode {
  return (
    <span className="form-label">
      {words.title}
      {words.title !== name && (
        <Text span size="xs" c="dimmed" ff="monospace" fw={400} aria-hidden>
          {name}
        </Text>
      )}
    </span>
  );
}

/** The words of several properties of something. */
export function useTitles(names: readonly string[], path: string): string[] {
  const language = useLanguage((state) => state.language);
  return names.map((name) => (LABELS[`${path}.${name}`] ?? LABELS[name] ?? [name, name])[language === "zh" ? 1 : 0]);
}
