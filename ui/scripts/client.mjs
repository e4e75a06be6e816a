/**
 * Generate `src/client/schema.d.ts` from the API's own OpenAPI document; with `--check` only say whether it is
 * up to date. The Python with the server in it: `HEADRACE_PYTHON`, the project's `.venv`, or `python3`.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";

const UI = resolve(import.meta.dirname, "..");
const TARGET = join(UI, "src/client/schema.d.ts");
const HEAD = "// Generated from the API's OpenAPI document by `npm run client`; do not edit.\n\n";

const venv = join(UI, "../.venv/bin/python");
const python = process.env.HEADRACE_PYTHON ?? (existsSync(venv) ? venv : "python3");
const given = process.argv.find((each) => each.endsWith(".json"));
const document = given
  ? readFileSync(given, "utf8")
  : execFileSync(python, [join(UI, "scripts/openapi.py")], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
const types = HEAD + astToString(await openapiTS(JSON.parse(document), { alphabetize: true }));

if (process.argv.includes("--check")) {
  if (!existsSync(TARGET) || readFileSync(TARGET, "utf8") !== types) {
    console.error("src/client/schema.d.ts is not what the API says; run `npm run client`");
    process.exit(1);
  }
} else {
  writeFileSync(TARGET, types);
}
