import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import util from "node:util";
import { cacheFolder } from "../../cache.ts";
import { unexpected } from "../../errors.ts";
import type { ComputeDevice } from "../engine.ts";
import type { Tfjs } from "./tfjs.ts";

/** Packages that are looked for, the one for GPUs first: it runs on the CPU too. */
const packages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const;

/** Where `setup tensorflow` puts the library. */
export function tensorflowFolder(): string {
  return path.join(cacheFolder(), "tensorflow");
}

/** An installed tfjs-node, not loaded yet. */
export interface Installed {
  readonly name: string;
  readonly entry: string;
}

/**
 * Looks in the project's own packages, where the user may have installed the optional peer, then in
 * what `setup` built.
 */
export function installedTensorflow(): Installed | null {
  for (const from of [import.meta.filename, path.join(tensorflowFolder(), "package.json")]) {
    if (!existsSync(from)) continue;
    const require = createRequire(from);
    for (const name of packages) {
      try {
        return { name, entry: require.resolve(name) };
      } catch {
        // Not here: the next place.
      }
    }
  }
  return null;
}

/** What `setup tensorflow` notes beside what it built. */
export interface SetupRecord {
  readonly tfjs: string;
  readonly tensorflow: string;
  readonly cuda: boolean;
}

export const setupRecordFile = "setup.json";

/** Whether an installed library can use a GPU at all. */
export function builtForGpu({ name, entry }: Installed): boolean {
  if (!entry.startsWith(tensorflowFolder() + path.sep)) return name === packages[0];
  const record = JSON.parse(
    readFileSync(path.join(tensorflowFolder(), setupRecordFile), "utf8"),
  ) as SetupRecord;
  return record.cuda;
}

/** TensorFlow in this process. */
export interface Library {
  readonly tfjs: Tfjs;
  readonly name: string;
  /** of tfjs-node and of the TensorFlow under it: the bytes depend on both */
  readonly version: string;
}

/**
 * Loads the library. Its settings are the process's: the first call decides.
 *
 * @throws PipelineError `engine` where it is not installed or does not load
 */
export function loadTensorflow(device: ComputeDevice): Library {
  const installed = installedTensorflow();
  if (installed === null) throw unavailable("no @tensorflow/tfjs-node", device);
  for (const [name, value] of Object.entries(settings(device))) process.env[name] ??= value;
  if (device === "cpu") process.env["CUDA_VISIBLE_DEVICES"] = "-1";
  restoreForTfjs();
  try {
    const tfjs = createRequire(installed.entry)(installed.entry) as Tfjs;
    const own = createRequire(installed.entry)("../package.json") as { version: string };
    const { binding } = tfjs.backend();
    return {
      tfjs,
      name: installed.name,
      version: `${own.version} on TensorFlow ${binding.TF_Version}`,
    };
  } catch (cause) {
    throw unavailable(
      cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause),
      device,
      cause,
    );
  }
}

/** What TensorFlow reads from the environment while it loads. */
function settings(device: ComputeDevice): Readonly<Record<string, string>> {
  return {
    // Errors only: its own notes speak of builds and instruction sets.
    TF_CPP_MIN_LOG_LEVEL: "2",
    // TensorFloat-32 has ten bits of mantissa, too few for the same numbers as on the CPU.
    NVIDIA_TF32_OVERRIDE: "0",
    // Without it TensorFlow takes the whole GPU's memory at once.
    ...(device === "cpu" ? {} : { TF_FORCE_GPU_ALLOW_GROWTH: "true" }),
  };
}

/** tfjs-node 4.22 calls a function that Node 23 took away. */
function restoreForTfjs(): void {
  const old = util as { isNullOrUndefined?: (value: unknown) => boolean };
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

export function unavailable(got: string, device: ComputeDevice, cause?: unknown) {
  return unexpected("engine", {
    where: "engine",
    expected: "TensorFlow's library",
    subject: "tensorflow",
    got,
    hint: `npx zx pipeline.ts setup tensorflow${device === "gpu" ? " --cuda" : ""}`,
    cause,
  });
}
