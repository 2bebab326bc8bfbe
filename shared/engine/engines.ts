import { unexpected } from "../errors.ts";
import type { ComputeDevice, Engine } from "./engine.ts";

/** Loaded only when asked for: listing the names costs nothing. */
const engines: Readonly<Record<string, (device: ComputeDevice) => Promise<Engine>>> = {
  cpu: async () => (await import("./onnxruntime.ts")).cpuEngine(),
  webgpu: async () => (await import("./webgpu.ts")).webgpuEngine(),
  cuda: async () => (await import("./cuda.ts")).cudaEngine(),
  tensorflow: async (device) => (await import("./tensorflow.ts")).tensorflowEngine(device),
};

export const engineNames: readonly string[] = Object.keys(engines);

/**
 * @param device where it computes; only some engines have the choice
 * @throws PipelineError `usage` naming the engines that there are
 */
export async function engineNamed(name: string, device: ComputeDevice = "auto"): Promise<Engine> {
  const load = Object.hasOwn(engines, name) ? engines[name] : undefined;
  if (load !== undefined) return load(device);
  throw unexpected("usage", {
    where: "engine",
    expected: `one of ${engineNames.join(", ")}`,
    subject: "--engine",
    got: name,
  });
}
