import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const SERVER = process.env["HEADRACE_URL"] ?? "http://127.0.0.1:8420";
const OWN = { target: SERVER, changeOrigin: true, headers: { origin: SERVER } };

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: process.env["HEADRACE_UI_OUT"] ?? "../src/headrace/ui",
    emptyOutDir: true,
    manifest: true,
    target: "es2023",
    // Names say what is in a file, so that what the first page loads can be checked.
    chunkSizeWarningLimit: 1600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // First, so that what needs React does not take it along into its own chunk.
            { name: "react", test: /node_modules\/(react|react-dom|scheduler|use-sync-external-store|zustand)\//, priority: 10 },
            { name: "codemirror", test: /node_modules\/(@codemirror|@lezer|style-mod|w3c-keyname|crelt)\// },
            { name: "xyflow", test: /node_modules\/(@xyflow|d3-[a-z]+)\// },
            { name: "dagre", test: /node_modules\/@dagrejs\// },
            { name: "yaml", test: /node_modules\/yaml\// },
          ],
        },
      },
    },
  },
  // A server for development answers as if its own page had asked: it takes requests of no other.
  server: { proxy: { "/api": OWN, "/hooks": OWN } },
  preview: { proxy: { "/api": OWN, "/hooks": OWN } },
  test: { include: ["tests/**/*.test.{ts,tsx}"], environment: "node", testTimeout: 120_000 },
});
