/** The flows that teach: real documents, each read when it is shown. */
import type { newTemplates } from "./messages";

export const TEMPLATES = ["answer-a-request", "ask-every-hour", "paid-and-packed", "work-through-a-queue", "ask-a-person", "take-back-on-failure"] as const;
export type TemplateName = (typeof TEMPLATES)[number];

const TEXTS = import.meta.glob<string>("./*.yaml", { query: "?raw", import: "default" });

type Word = keyof typeof newTemplates.en;

/** What is said of a template. */
export const WORDS: Readonly<Record<TemplateName, { readonly title: Word & `${string}Title`; readonly teaches: Word & `${string}Teaches` }>> = {
  "answer-a-request": { title: "answerTitle", teaches: "answerTeaches" },
  "ask-every-hour": { title: "hourTitle", teaches: "hourTeaches" },
  "paid-and-packed": { title: "packedTitle", teaches: "packedTeaches" },
  "work-through-a-queue": { title: "queueTitle", teaches: "queueTeaches" },
  "ask-a-person": { title: "personTitle", teaches: "personTeaches" },
  "take-back-on-failure": { title: "backTitle", teaches: "backTeaches" },
};

export function isTemplate(name: string | null): name is TemplateName {
  return TEMPLATES.includes(name as TemplateName);
}

/** The document of a template. */
export async function templateText(name: TemplateName): Promise<string> {
  const load = TEXTS[`./${name}.yaml`];
  if (!load) throw new Error(`There is no document of the template ${name}.`);
  return load();
}
