import { unexpected } from "../errors.ts";
import type { Engine } from "./engine.ts";

/** Loaded only when asked for: listing the names costs nothing. */
const engines: Readonly<Record<string, () => Promise<Engine>>> = {
  cpu: async () => (await import("./onnxruntime.ts")).cpuEngine(),
};

/** @throws PipelineError `usage` naming the engines that there are */
export async function engineNamed(name: string): Promise<Engine> {
  const load = Object.hasOwn(engines, name) ? engines[name] : undefined;
  if (load !== undefined) return load();
  throw unexpected("usage", {
    where: "engine",
    expected: `one of ${Object.keys(engines).join(", ")}`,
    subject: "--engine",
    got: name,
  });
}
