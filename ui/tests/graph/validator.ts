/** The server's own validator, asked about many documents at once. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

export interface Found {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
}

const PROJECT = resolve(import.meta.dirname, "../../..");
const PYTHON = resolve(PROJECT, process.env["VIRTUAL_ENV"] ?? ".venv", "bin/python");
const ASK = `
import json, sys
from headrace.spec.flowapp import parse_definition
for text in json.load(sys.stdin):
    found = parse_definition(text, "flowapp.yaml")[1]
    print(json.dumps([{"severity": each.severity, "code": each.code, "message": each.message} for each in found]))
`;

/** Whether the project's Python is there; in CI it must be. */
export const hasValidator = existsSync(PYTHON);

if (!hasValidator && process.env["CI"] === "true") throw new Error(`no Python at ${PYTHON}; make .venv first`);

/** What is wrong with each of the documents. */
export function problemsOf(texts: readonly string[]): Found[][] {
  const answer = execFileSync(PYTHON, ["-c", ASK], { cwd: PROJECT, input: JSON.stringify(texts), encoding: "utf8", maxBuffer: 1 << 28 });
  return answer.trimEnd().split("\n").map((line) => JSON.parse(line) as Found[]);
}
