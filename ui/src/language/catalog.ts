/**
 * Texts in the languages of the dashboard, beside the pages that show them.
 *
 * A text has places for values: `{count}`, and for what depends on a number: `{count|flow|flows}`. English says
 * which texts there are and what they need; a language that lacks one is no type.
 */

export type Language = "en" | "zh";

type Name<Inside extends string> = Inside extends `${infer Head}|${string}` ? Head : Inside;
type Names<Text extends string> = Text extends `${string}{${infer Inside}}${infer Rest}` ? Name<Inside> | Names<Rest> : never;

export type Values<Text extends string> = [Names<Text>] extends [never] ? [] : [values: Record<Names<Text>, string | number>];

export interface Catalog<Texts extends Record<string, string>> {
  readonly en: Texts;
  readonly zh: { readonly [Key in keyof Texts]: string };
}

export function catalog<const Texts extends Record<string, string>>(texts: Catalog<Texts>): Catalog<Texts> {
  return texts;
}

const NUMBERS: Readonly<Record<Language, Intl.NumberFormat>> = { en: new Intl.NumberFormat("en"), zh: new Intl.NumberFormat("zh") };

/** Put values into a text. */
export function filled(text: string, values: Readonly<Record<string, string | number>>, language: Language): string {
  return text.replace(/\{([^{}|]+)(?:\|([^{}|]*)\|([^{}|]*))?\}/g, (_, name: string, one?: string, other?: string) => {
    const value = values[name] ?? "";
    if (one === undefined || other === undefined) {
      return typeof value === "number" ? NUMBERS[language].format(value) : value;
    }
    return Number(value) === 1 ? one : other;
  });
}

/** The names of the places of a text, each once. */
export function placesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{([^{}|]+)/g)].map(([, name]) => name ?? ""))].sort();
}
