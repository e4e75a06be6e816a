/**
 * Says in the build what each page of the dashboard needs: its files, and what it asks the server first. The server
 * names that beside `index.html`, so that a browser fetches it while it still reads the first files.
 */
import { resolve } from "node:path";
import type { Plugin, Rolldown } from "vite";

/** Where the server finds it in what is built; names that begin with a point are not served. */
const FILE = ".vite/ahead.json";

type Chunk = Rolldown.OutputChunk;

export interface Page {
  /** Its sources, as far as they are loaded by themselves. */
  readonly sources: readonly string[];
  /** What it asks first, by path; `{namespace}` and `{one}` are those of its address. */
  readonly asks?: readonly string[];
}

/** `pages` are named by what their addresses say behind the namespace: `flows`, and `flows/*` for one of them. */
export function namesAhead(pages: Readonly<Record<string, Page>>): Plugin {
  return {
    name: "headrace-ahead",
    apply: "build",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((each): each is Chunk => each.type === "chunk");
      const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
      const bySource = new Map(chunks.flatMap((chunk) => chunk.moduleIds.map((source) => [source, chunk])));
      const filesOf = (begin: readonly Chunk[], known: ReadonlySet<string>): Set<string> => {
        const found = new Set<string>();
        const left = [...begin];
        for (let chunk = left.pop(); chunk; chunk = left.pop()) {
          if (known.has(chunk.fileName) || found.has(chunk.fileName)) continue;
          found.add(chunk.fileName);
          for (const style of chunk.viteMetadata?.importedCss ?? []) if (!known.has(style)) found.add(style);
          for (const file of chunk.imports) left.push(...[byFile.get(file)].filter((each) => each !== undefined));
        }
        return found;
      };
      // What `index.html` names itself.
      const first = filesOf(chunks.filter(({ isEntry }) => isEntry), new Set());
      const ahead = Object.entries(pages).map(([page, { sources, asks = [] }]) => {
        const own = sources.map((source) => {
          const chunk = bySource.get(resolve(import.meta.dirname, "../src", source));
          if (!chunk) throw new Error(`vite.config.ts names ${source} for the page ${page || "/"}, which is in no file that was built`);
          return chunk;
        });
        return [page, { files: [...filesOf(own, first)].map((file) => `/${file}`).sort(), asks }] as const;
      });
      this.emitFile({ type: "asset", fileName: FILE, source: JSON.stringify(Object.fromEntries(ahead), null, 1) });
    },
  };
}
