import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { namesAhead } from "./scripts/ahead.ts";

const SERVER = process.env["HEADRACE_URL"] ?? "http://127.0.0.1:8420";
const NAMESPACE = "/api/v1/namespaces/{namespace}";
const OWN = { target: SERVER, changeOrigin: true, headers: { origin: SERVER } };

export default defineConfig({
  plugins: [
    react(),
    namesAhead({
      "": { sources: ["pages/home/Home.tsx"] },
      flows: { sources: ["pages/flows/Flows.tsx"] },
      "flows/new": { sources: ["pages/flows/new/New.tsx"] },
      "flows/*": {
        sources: ["pages/flows/Flow.tsx", "pages/flows/editor/Editor.tsx"],
        asks: [`${NAMESPACE}/flowapps/{one}`, `${NAMESPACE}/flowapps/{one}/layout`],
      },
      executions: { sources: ["pages/executions/Executions.tsx"] },
      "executions/*": {
        sources: ["pages/executions/Executions.tsx", "pages/executions/one/Execution.tsx", "canvas/Canvas.tsx"],
        asks: [`${NAMESPACE}/executions/{one}`, `${NAMESPACE}/executions/{one}/definition`, `${NAMESPACE}/executions/{one}/history?limit=500`],
      },
      queues: { sources: ["pages/queues/Queues.tsx"] },
      operations: { sources: ["pages/operations/Operations.tsx"] },
      inbox: { sources: ["pages/inbox/Inbox.tsx"] },
    }),
  ],
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
            { name: "codemirror", test: /node_modules\/(@codemirror|@lezer|style-mod|w3c-keyname|crelt)\//, priority: 8 },
            { name: "xyflow", test: /node_modules\/(@xyflow|d3-[a-z]+)\//, priority: 8 },
            { name: "dagre", test: /node_modules\/@dagrejs\//, priority: 8 },
            { name: "yaml", test: /node_modules\/yaml\//, priority: 8 },
            // Few files: a browser asks for six at a time, and each costs a way there and back.
            { name: "mantine", test: /node_modules\/(@mantine|@floating-ui|clsx|react-[a-z-]+)\//, minShareCount: 2, priority: 5 },
            { name: "query", test: /node_modules\/@tanstack\//, priority: 5 },
            { name: "parts", test: /\/src\/(parts|language|client|canvas\/messages|namespace|graph\/json|graph\/layout\/file)/, minShareCount: 2, priority: 4 },
            { name: "drawing", test: /\/src\/(graph|canvas)\//, minShareCount: 2, priority: 3 },
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
