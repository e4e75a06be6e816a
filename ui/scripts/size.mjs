/**
 * Check how much a browser loads before the first page shows: everything that `index.html` names and what those
 * import at once, gzipped. The editor must not be among it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const FIRST_LOAD_BYTES_MAX = 350 * 1024;
// What belongs to the editor and to drawings, and is loaded by the pages that need it.
const LATE = ["codemirror", "elk", "uplot", "xyflow", "dagre"];

const folder = resolve(import.meta.dirname, "..", process.env.HEADRACE_UI_OUT ?? "../src/headrace/ui");
if (!existsSync(join(folder, "index.html"))) {
  console.error(`nothing is built in ${folder}; run \`npm run build\``);
  process.exit(2);
}
const html = readFileSync(join(folder, "index.html"), "utf8");
const manifest = JSON.parse(readFileSync(join(folder, ".vite/manifest.json"), "utf8"));
const files = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file]) => file));
const chunks = Object.values(manifest);
for (let before = -1; before !== files.size; ) {
  before = files.size;
  for (const chunk of chunks) {
    if (!files.has(chunk.file)) continue;
    for (const imported of chunk.imports ?? []) files.add(manifest[imported].file);
    for (const style of chunk.css ?? []) files.add(style);
  }
}
let total = gzipSync(html).length;
for (const file of files) {
  const bytes = gzipSync(readFileSync(join(folder, file))).length;
  total += bytes;
  console.log(`${(bytes / 1024).toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} kB  first load, gzipped (at most ${FIRST_LOAD_BYTES_MAX / 1024} kB)`);
const early = LATE.filter((name) => [...files].some((file) => file.toLowerCase().includes(name)));
const split = readdirSync(join(folder, "assets")).filter((file) => LATE.some((name) => file.toLowerCase().includes(name)));
console.log(`          later: ${split.join(", ")}`);
if (total > FIRST_LOAD_BYTES_MAX || early.length > 0) {
  console.error(early.length > 0 ? `loaded too early: ${early.join(", ")}` : "the first load is too large");
  process.exit(1);
}
