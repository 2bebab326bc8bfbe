import { existsSync } from "node:fs";
import path from "node:path";
import { cudaProviders, providerFolder } from "../../../../shared/engine/cuda.ts";
import { convolutions } from "../../../../shared/engine/trial/graph.ts";
import { tryEngine } from "../../../../shared/engine/trial/trial.ts";

/**
 * Whether tests on onnxruntime's CUDA provider run: where it is installed and finds a GPU, and where CUDA=required says that it must, so
 * that they fail without one.
 */
export const cudaIsThere = process.env["CUDA"] === "required" || (await works());

export const onCuda = "the engine cuda (skipped where `setup cuda` was not run or there is no NVIDIA GPU)";

async function works(): Promise<boolean> {
  if (!existsSync(path.join(providerFolder(), cudaProviders[0]))) return false;
  const trial = { ...convolutions(), engine: "cuda", device: "gpu", threads: 1, seconds: 0 } as const;
  return (await tryEngine(trial)).works;
}
