import tseslint from "typescript-eslint";

const noWayInto = (regex, message) => ({
  "no-restricted-imports": ["error", { patterns: [{ regex, message }] }],
});

export default tseslint.config(
  { ignores: ["node_modules/", "artifacts/", "models/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
    },
  },
  {
    files: ["bench/**/*.ts", "examples/**/*.ts"],
    rules: { "no-console": "off" },
  },
  // The folder tree is the architecture: data flows one way.
  {
    files: ["shared/**/*.ts"],
    rules: noWayInto(
      "/(stages|commands|bench)/|/pipeline\\.ts$",
      "shared/ imports from no stage and no command",
    ),
  },
  {
    files: ["stages/*/*.ts"],
    rules: noWayInto(
      "^\\.\\./(?!\\.\\./)|/(commands|bench)/",
      "a stage knows shared/ and its own folder, never another stage",
    ),
  },
  {
    files: ["stages/*/*/*.ts"],
    rules: noWayInto(
      "^\\.\\./\\.\\./(?!\\.\\./)|/(commands|bench)/",
      "a stage knows shared/ and its own folder, never another stage",
    ),
  },
);
