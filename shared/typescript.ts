/**
 * Node flags with which a new process or thread can run TypeScript. Node before 22.18 does so through tsx alone, whose
 * own `--import tsx` does nothing in a thread (tsx 4.23): its hooks are registered by name instead.
 */
export function typescriptLoader(): string[] {
  if ("typescript" in process.features && process.features.typescript !== false) return [];
  const hooks = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  return ["--import", `data:text/javascript,import { register } from ${hooks}; register();`];
}
