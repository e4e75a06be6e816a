/** Which language the dashboard speaks, and its texts, numbers and times. */
import { useCallback } from "react";
import { create } from "zustand";
import { persist } from "zustand/middleware";
import { filled, type Catalog, type Language, type Values } from "./catalog";

export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", zh: "中文" };

interface LanguageState {
  readonly language: Language;
  readonly speak: (language: Language) => void;
}

export const useLanguage = create<LanguageState>()(
  persist(
    (set) => ({
      language: typeof navigator !== "undefined" && navigator.language.startsWith("zh") ? "zh" : "en",
      speak: (language) => set({ language }),
    }),
    { name: "headrace.language" },
  ),
);

export type Say<Texts extends Record<string, string>> = <Key extends keyof Texts & string>(
  key: Key,
  ...values: Values<Texts[Key]>
) => string;

/** The texts of a catalog in the language spoken. */
export function useText<Texts extends Record<string, string>>(texts: Catalog<Texts>): Say<Texts> {
  const language = useLanguage((state) => state.language);
  return useCallback(
    (key, ...[values]) => filled(texts[language][key], values ?? {}, language),
    [texts, language],
  );
}

export interface Format {
  readonly number: (value: number) => string;
  readonly percent: (value: number) => string;
  readonly bytes: (value: number) => string;
  readonly duration: (seconds: number) => string;
  /** A moment, epoch seconds. */
  readonly time: (at: number) => string;
  readonly ago: (at: number, now: number) => string;
}

/** Numbers and times in the language spoken; times are in the browser's time zone. */
export function useFormat(): Format {
  const language = useLanguage((state) => state.language);
  return formatOf(language);
}

/** Made once: what the browser makes them of takes as long as drawing a step does. */
const formats = new Map<Language, Format>();

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

function formatOf(language: Language): Format {
  const known = formats.get(language);
  if (known) return known;
  const made = madeFor(language);
  formats.set(language, made);
  return made;
}

function madeFor(language: Language): Format {
  const locale = language === "zh" ? "zh-CN" : "en";
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "narrow", maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
  return {
    number: (value) => number.format(value),
    percent: (value) => percent.format(value),
    bytes: (value) =>
      value < 1024 ? unit(value, "byte") : value < 1024 ** 2 ? unit(value / 1024, "kilobyte") : unit(value / 1024 ** 2, "megabyte"),
    duration: (seconds) => {
      if (seconds < 1) return unit(Math.round(seconds * 1000), "millisecond");
      if (seconds < 60) return unit(seconds, "second");
      const [name, size] = UNITS.find(([, each]) => seconds >= each) ?? ["second", 1];
      const rest = UNITS[UNITS.findIndex(([each]) => each === name) + 1];
      const first = unit(Math.floor(seconds / size), name);
      const more = rest ? Math.floor((seconds % size) / rest[1]) : 0;
      return rest && more > 0 ? `${first} ${unit(more, rest[0])}` : first;
    },
    time: (at) => time.format(at * 1000),
    ago: (at, now) => {
      const seconds = at - now;
      const [name, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
      return relative.format(Math.round(seconds / size), name);
    },
  };
}
