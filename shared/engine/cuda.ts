import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { type PipelineError, unexpected } from "../errors.ts";
import type { Engine } from "./engine.ts";
import { loopOver } from "./loop.ts";
import { loadSession, onnxruntimeLibrary } from "./onnxruntime-session.ts";

const provider = { engine: "cuda", provider: "cuda", unusable } as const;

/**
 * onnxruntime on an NVIDIA GPU. onnxruntime-node 1.30 keeps no outputs on a CUDA device, so that a
 * loop's state travels, and hands the provider no option but the device's number: environment.ts
 * keeps its products in full single precision.
 */
export function cudaEngine(): Engine {
  return {
    name: "cuda",
    library: onnxruntimeLibrary(),
    runsGradientOperators: false,
    threadSafe: true,
    load: (model, options) => loadSession(model, options, provider),
    loop: async (model, state, options) => loopOver(await loadSession(model, options, provider), state),
  };
}

const cudaProvider = "libonnxruntime_providers_cuda.so";

/** What onnxruntime loads for it. */
export const cudaProviders = [cudaProvider, "libonnxruntime_providers_shared.so"] as const;

/** Where onnxruntime looks for the provider's libraries: beside its own. */
export function providerFolder(): string {
  const entry = createRequire(import.meta.url).resolve("onnxruntime-node");
  return path.join(path.dirname(entry), "..", "bin", "napi-v6", process.platform, process.arch);
}

/** onnxruntime 1.30's words where a library cannot be loaded, or where CUDA finds no GPU. */
function unusable(message: string): PipelineError | null {
  if (!/CUDA|shared library/i.test(message)) return null;
  const missing = missingLibraries();
  const failure = /CUDA failure \d+: [^;]*/.exec(message)?.[0];
  return unexpected("engine", {
    where: "engine",
    expected: "onnxruntime's CUDA provider and an NVIDIA GPU",
    subject: "cuda",
    got: failure?.trim() ?? (missing.length > 0 ? `no ${missing.join(", ")}` : message.trim()),
    hint: mendFor(missing),
  });
}

function mendFor(missing: readonly string[]): string {
  if (missing.includes("libcuda.so.1")) return "install NVIDIA's driver, or give --engine webgpu or cpu";
  if (missing.length > 0)
    return "npx zx pipeline.ts setup cuda fetches its libraries; or give --engine webgpu or cpu";
  return "nvidia-smi says whether the driver sees the GPU, and for which CUDA it is new enough; or give --engine webgpu or cpu";
}

/**
 * The libraries that the provider needs and the system does not find; onnxruntime says none of
 * their names.
 */
function missingLibraries(): string[] {
  if (process.platform !== "linux") return [];
  const provider = path.join(providerFolder(), cudaProvider);
  if (!existsSync(provider)) return [cudaProvider];
  const { stdout } = spawnSync("ldd", [provider], { encoding: "utf8" });
  return [...stdout.matchAll(/(\S+) => not found/g)].map(([, name = ""]) => name);
}
