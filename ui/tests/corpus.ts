/** Documents that others wrote: the specification's examples, and the project's own. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const PROJECT = resolve(import.meta.dirname, "../..");
const OWS = resolve(PROJECT, process.env["HEADRACE_OWS_DIR"] ?? "../shared/ows");

export interface Example {
  readonly file: string;
  readonly text: string;
}

function texts(folder: string, within = ""): Example[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => ({ file: within + entry.name, text: readFileSync(join(folder, entry.name), "utf8") }));
}

/** The examples of the workflow language; none on a machine that has not got them. */
export const owsExamples: readonly Example[] = texts(join(OWS, "examples"), "ows/");

/** The FlowApps that the project shows. */
export const flowApps: readonly Example[] = readdirSync(join(PROJECT, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((entry) => texts(join(PROJECT, "examples", entry.name, "config"), `${entry.name}/`))
  .filter(({ text }) => text.includes("kind: FlowApp"));

if (owsExamples.length === 0 && process.env["CI"] === "true") {
  throw new Error(`no examples in ${OWS}; set HEADRACE_OWS_DIR`);
}

export const examples: readonly Example[] = [...owsExamples, ...flowApps];
