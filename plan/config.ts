import type { StagesConfig } from "../stages/stages.ts";

/** Types a config file: `export default defineConfig({ data: "./dogs", lr: 3e-4 })`. */
export function defineConfig(config: StagesConfig): StagesConfig {
  return config;
}
