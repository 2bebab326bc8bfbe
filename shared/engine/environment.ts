import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "../cache.ts";
import { versionsOf } from "../libraries.ts";
import { noTelemetry } from "./no-telemetry.ts";

/** Where `setup cuda` puts what it fetches for a version of onnxruntime-node. */
export function cudaFolder(version = versionsOf(["onnxruntime-node"])["onnxruntime-node"] ?? ""): string {
  return path.join(cacheFolder(), `onnxruntime-cuda-${version}`);
}

/**
 * What the environment of a process that computes must hold from its start: libraries read it when
 * they are loaded.
 */
export function acceleratorEnvironment(): Record<string, string> {
  const fetched = cudaLibraries();
  const given = process.env["LD_LIBRARY_PATH"];
  return {
    ...noTelemetry,
    // NVIDIA's libraries would round factors to TensorFloat-32's 10 bits, and onnxruntime-node has
    // no option for it: https://docs.nvidia.com/deeplearning/cudnn/latest, "NVIDIA_TF32_OVERRIDE"
    NVIDIA_TF32_OVERRIDE: "0",
    ...(fetched.length === 0
      ? {}
      : { LD_LIBRARY_PATH: [...fetched, ...(given === undefined ? [] : [given])].join(":") }),
  };
}

/** Folders of NVIDIA's libraries, each of which comes in a wheel of its own: nvidia/<name>/lib. */
function cudaLibraries(): string[] {
  const folder = path.join(cudaFolder(), "nvidia");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => path.join(folder, name, "lib"))
    .filter((libraries) => existsSync(libraries));
}
