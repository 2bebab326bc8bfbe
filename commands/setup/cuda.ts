import { existsSync } from "node:fs";
import { rm, symlink } from "node:fs/promises";
import path from "node:path";
import { cudaProviders, providerFolder } from "../../shared/engine/cuda.ts";
import { cudaFolder } from "../../shared/engine/environment.ts";
import { convolutions } from "../../shared/engine/trial/graph.ts";
import { tryEngine } from "../../shared/engine/trial/trial.ts";
import { unexpected } from "../../shared/errors.ts";
import { versionsOf } from "../../shared/libraries.ts";
import { limitsHere } from "../../shared/limits.ts";
import type { Progress } from "../../shared/progress.ts";
import { makeFolder } from "../finished-folder.ts";
import { expectTools } from "./tools.ts";

/**
 * Fetches onnxruntime's CUDA provider, and NVIDIA's libraries that it needs, for the engine `cuda`. PyPI's onnxruntime-gpu of the same
 * version as onnxruntime-node has the very provider that the latter loads (1.30.0 was tried, as far as one can without a GPU).
 *
 * @throws PipelineError `usage` on a system for which there is no provider; `engine` where a tool is missing or one fails, with its
 *   words; `interrupted`
 */
export async function setupCuda(progress: Progress, signal: AbortSignal): Promise<void> {
  expectLinux();
  const version = versionsOf(["onnxruntime-node"])["onnxruntime-node"] ?? "";
  const folder = cudaFolder(version);
  const tools = await expectTools(signal, ["Python 3", "pip"]);
  if (!existsSync(folder))
    await makeFolder(folder, async (content) => {
      progress.line(`fetching onnxruntime-gpu ${version} and NVIDIA's libraries with pip, about 1.5 GB`);
      await tools.pip(wheels(version), content);
    });
  await linkProviders(path.join(folder, "onnxruntime/capi"));
  progress.line("trying it");
  const trial = { ...convolutions(), threads: limitsHere().usable, seconds: 1 };
  const outcome = await tryEngine({ ...trial, engine: "cuda", device: "gpu" });
  if (outcome.works) progress.line("CUDA is ready: --engine cuda");
  else
    progress.line(
      `its libraries are there, but cuda does not work yet: ${outcome.why}\n  ${outcome.hint}`.trim(),
    );
}

/**
 * pip's arguments. Only libraries are taken out of the wheels, so that any Python's wheel will do.
 */
function wheels(version: string): string[] {
  return [
    ...["install", "--target", ".", "--no-compile", "--only-binary", ":all:", "--python-version", "3.12"],
    `onnxruntime-gpu[cuda,cudnn]==${version}`,
  ];
}

/** Puts the provider where onnxruntime-node looks for it; `npm ci` takes it away again. */
async function linkProviders(from: string): Promise<void> {
  for (const name of cudaProviders) {
    const link = path.join(providerFolder(), name);
    await rm(link, { force: true });
    await symlink(path.join(from, name), link);
  }
}

function expectLinux(): void {
  if (process.platform === "linux" && process.arch === "x64") return;
  throw unexpected("usage", {
    where: "setup",
    expected: "Linux on x64, for which alone onnxruntime-node has a CUDA provider",
    subject: "cuda",
    got: `${process.platform} on ${process.arch}`,
    hint: "the engine webgpu needs nothing but the GPU's driver",
  });
}
