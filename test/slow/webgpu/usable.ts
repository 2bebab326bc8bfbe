import { convolutions } from "../../../shared/engine/trial/graph.ts";
import { tryEngine } from "../../../shared/engine/trial/trial.ts";

/**
 * Whether tests on WebGPU run: where it finds a device (SwiftShader in Debian's chromium is one, with VK_ICD_FILENAMES set to its
 * vk_swiftshader_icd.json), and where WEBGPU=required says that it must, so that they fail without one. Tried in a process of its own, as
 * a broken driver ends the one that it is loaded into.
 */
export const webgpuIsThere = process.env["WEBGPU"] === "required" || (await findsDevice());

export const onWebgpu = "the engine webgpu (skipped where there is no Vulkan, Metal or D3D12 device)";

async function findsDevice(): Promise<boolean> {
  const trial = { ...convolutions(), engine: "webgpu", device: "gpu", threads: 1, seconds: 0 } as const;
  return (await tryEngine(trial)).works;
}
