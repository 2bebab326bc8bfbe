import { access } from "node:fs/promises";
import { unexpected } from "../../errors.ts";
import { builtForGpu, installedTensorflow, unavailable } from "./library.ts";
import type { ComputeDevice } from "../engine.ts";
import type { Tfjs } from "./tfjs.ts";

/** What NVIDIA's driver puts there; the second is Windows' own inside WSL. */
const driverFiles = ["/dev/nvidia0", "/dev/dxg"];

/**
 * Whether `--device` can be had, as far as can be told without loading TensorFlow: for before any work is done.
 *
 * @throws PipelineError `usage` where a GPU is asked for and there is none or the library was built without; `engine` where there is
 *   no library
 */
export async function checkTensorflowDevice(device: ComputeDevice): Promise<void> {
  if (device === "gpu" && process.platform !== "win32" && !(await anyExists(driverFiles)))
    throw noGpu(
      `none: no ${driverFiles.join(", no ")}`,
      "install NVIDIA's driver (nvidia-smi lists its cards)",
    );
  const installed = installedTensorflow();
  if (installed === null) throw unavailable("no @tensorflow/tfjs-node", device);
  if (device === "gpu" && !builtForGpu(installed))
    throw noGpu("TensorFlow built for the CPU", "npx zx pipeline.ts setup tensorflow --cuda");
}

/** @throws PipelineError `usage` where a GPU is asked for and TensorFlow, now loaded, uses none */
export function expectDevice(device: ComputeDevice, tfjs: Tfjs): void {
  if (device !== "gpu" || tfjs.backend().isUsingGpuDevice) return;
  throw noGpu(
    "a TensorFlow that finds none",
    "npx zx pipeline.ts setup tensorflow --cuda brings CUDA's libraries; TF_CPP_MIN_LOG_LEVEL=0 shows what TensorFlow lacks",
  );
}

function noGpu(got: string, hint: string) {
  return unexpected("usage", {
    where: "engine tensorflow",
    expected: "an NVIDIA GPU",
    subject: "--device gpu",
    got,
    hint: `${hint}; --device cpu does without, --device auto takes a GPU where there is one`,
  });
}

async function anyExists(files: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    files.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
