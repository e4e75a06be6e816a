import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["node_modules", "dist", "src/client/schema.d.ts"] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js", "scripts/*.mjs"] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "max-lines": ["error", { max: 500 }],
    },
  },
  { files: ["src/**/*.tsx", "src/**/*.ts"], ...hooks.configs.flat["recommended-latest"] },
  {
    // The core knows neither React nor the page.
    files: ["src/graph/**"],
    rules: {
      "no-restricted-imports": ["error", { patterns: ["react", "react-dom", "@xyflow/*", "@mantine/*", "**/pages/**", "**/parts/**"] }],
      "no-restricted-globals": ["error", "window", "document", "navigator", "localStorage", "fetch", "Worker"],
    },
  },
  { files: ["src/**"], ignores: ["src/client/**"], rules: { "no-restricted-globals": ["error", { name: "fetch", message: "ask the generated client" }] } },
  { files: ["*.js", "scripts/**/*.mjs"], ...ts.configs.disableTypeChecked, languageOptions: { ...ts.configs.disableTypeChecked.languageOptions, globals: { ...globals.node } } },
);
