import { createRequire } from "node:module";

/**
 * Node flags of a new process of ours: those of this one, and tsx where this process got that in another way (a test runner, a
 * program that registers it) and Node does not run TypeScript itself.
 */
export function processFlags(): string[] {
  const runsItself = "typescript" in process.features && process.features.typescript !== false;
  const given = `${process.execArgv.join(" ")} ${process.env["NODE_OPTIONS"] ?? ""}`;
  if (runsItself || given.includes("tsx")) return process.execArgv;
  return [...process.execArgv, "--import", createRequire(import.meta.url).resolve("tsx")];
}

/**
 * Node flags with which a new process or thread can run TypeScript. Node before 22.18 does so through tsx alone, whose
 * own `--import tsx` does nothing in a thread (tsx 4.23): its hooks are registered by name instead.
 */
export function typescriptLoader(): string[] {
  if ("typescript" in process.features && process.features.typescript !== false) return [];
  const hooks = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  return ["--import", `data:text/javascript,import { register } from ${hooks}; register();`];
}
