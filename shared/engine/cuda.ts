import { createRequire } from "node:module";
import path from "node:path";
import { type PipelineError, unexpected } from "../errors.ts";
import type { Engine } from "./engine.ts";
import { loopOver } from "./loop.ts";
import { loadSession, onnxruntimeLibrary } from "./onnxruntime-session.ts";

const provider = { engine: "cuda", provider: "cuda", unusable } as const;

/**
 * onnxruntime on an NVIDIA GPU. onnxruntime-node 1.30 keeps no outputs on a CUDA device, so that a loop's state travels, and hands
 * the provider no option but the device's number: `withoutTf32` is what keeps its products in full single precision.
 */
export function cudaEngine(): Engine {
  return {
    name: "cuda",
    library: onnxruntimeLibrary(),
    runsGradientOperators: false,
    load: (model, options) => loadSession(model, options, provider),
    loop: async (model, state, options) => loopOver(await loadSession(model, options, provider), state),
  };
}

/**
 * What a process's environment must hold from its start, so that NVIDIA's libraries do not round factors to 10 bits.
 * https://docs.nvidia.com/deeplearning/cudnn, "NVIDIA_TF32_OVERRIDE"
 */
export const withoutTf32 = { NVIDIA_TF32_OVERRIDE: "0" } as const;

/** Where onnxruntime looks for the provider's libraries: beside its own. */
export function providerFolder(): string {
  const entry = createRequire(import.meta.url).resolve("onnxruntime-node");
  return path.join(path.dirname(entry), "..", "bin", "napi-v6", process.platform, process.arch);
}

/** onnxruntime 1.30's words where a library cannot be loaded, or where CUDA finds no GPU. */
function unusable(message: string): PipelineError | null {
  if (!/CUDA|Failed to load/i.test(message)) return null;
  return unexpected("engine", {
    where: "engine",
    expected: "onnxruntime's CUDA provider and an NVIDIA GPU",
    subject: "cuda",
    got: message.trim().split("\n")[0] ?? message,
    mend: /shared library|cannot open shared object/.test(message)
      ? "npx zx pipeline.ts setup cuda fetches its libraries; or give --engine webgpu or cpu"
      : "nvidia-smi says whether the driver sees the GPU; or give --engine webgpu or cpu",
  });
}
