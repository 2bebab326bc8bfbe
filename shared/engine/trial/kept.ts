import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { digestOf } from "../../artifacts/key.ts";
import { codeOf } from "../../artifacts/store.ts";
import type { Json } from "../../artifacts/types.ts";
import { cacheFolder } from "../../cache.ts";
import { versionsOf } from "../../libraries.ts";
import type { ComputeDevice } from "../engine.ts";
import { cudaFolder } from "../environment.ts";
import type { Gpus } from "../gpus.ts";
import { installedTensorflow } from "../tensorflow/library.ts";
import type { Outcome } from "./trial.ts";

interface EngineOn {
  readonly engine: string;
  readonly device: ComputeDevice;
}

/** By engine and device: what came of it, and in which circumstances. */
type Kept = Readonly<Record<string, { readonly circumstances: string; readonly outcome: Outcome }>>;

/**
 * What came of trying an engine. One that worked is kept in the user's cache until a library, a
 * driver or a GPU changes; one that did not is tried anew each time, as the user may have mended
 * it.
 */
export async function keptOutcome(
  { engine, device }: EngineOn,
  gpus: Gpus,
  attempt: () => Promise<Outcome>,
  folder: string = cacheFolder(),
): Promise<Outcome> {
  const file = path.join(folder, "engines.json");
  const name = `${engine} on ${device}`;
  const circumstances = digestOf(await circumstancesOf(gpus));
  const kept = await readKept(file);
  if (kept[name]?.circumstances === circumstances) return kept[name].outcome;
  const outcome = await attempt();
  if (outcome.works) await writeKept(file, { ...kept, [name]: { circumstances, outcome } });
  return outcome;
}

async function circumstancesOf(gpus: Gpus): Promise<Json> {
  const tensorflow = installedTensorflow();
  return {
    gpus: { ...gpus },
    drivers: await contentOf("/sys/module/nvidia/version"),
    node: process.version,
    ...versionsOf(["onnxruntime-node"]),
    cuda: await changeOf(cudaFolder()),
    tensorflow: tensorflow === null ? null : [tensorflow.entry, await changeOf(tensorflow.entry)],
    vulkan: process.env["VK_ICD_FILENAMES"] ?? null,
    hidden: process.env["CUDA_VISIBLE_DEVICES"] ?? null,
  };
}

async function readKept(file: string): Promise<Kept> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Kept;
  } catch {
    return {};
  }
}

/**
 * In one piece: another process may read it meanwhile. Where the cache cannot be written, the next
 * run tries again.
 */
async function writeKept(file: string, kept: Kept): Promise<void> {
  const written = `${file}.${String(process.pid)}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(written, JSON.stringify(kept, null, 2));
    await rename(written, file);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
}

async function contentOf(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch(() => null);
}

/** When a file or folder was changed, in milliseconds; null where there is none. */
async function changeOf(file: string): Promise<number | null> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}
