import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { folderRefs } from "../../shared/artifacts/refs.ts";
import { artifactOf, findManifest } from "../../shared/artifacts/results.ts";
import { folderStore } from "../../shared/artifacts/store.ts";
import type { Artifact } from "../../shared/artifacts/types.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** Real photos to test on; a stranger's clone has none. */
const sharedPhotos = path.join(root, "../shared/data");
export const hasSharedPhotos = existsSync(sharedPhotos);

/** What a command printed, and how it ended. */
export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

/** Starts `pipeline.ts` as a user does, in `folder`. Its process group can be killed as a whole. */
export function startPipeline(folder: string, ...args: string[]): Started {
  return startScript("pipeline.ts", folder, args);
}

interface Started {
  readonly process: ChildProcess;
  readonly outcome: Promise<Outcome>;
  readonly seen: () => string;
}

/** Starts a script of this repository in `folder`. */
export function startScript(script: string, folder: string, args: readonly string[]): Started {
  const process_ = spawn(process.execPath, [path.join(root, script), ...args], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_OPTIONS: `--import=${pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href}`,
    },
  });
  let output = "";
  process_.stdout.on("data", (text: Buffer) => (output += text.toString()));
  process_.stderr.on("data", (text: Buffer) => (output += text.toString()));
  const outcome = new Promise<Outcome>((resolve) => {
    process_.on("close", (status) => {
      resolve({ status, output });
    });
  });
  return { process: process_, outcome, seen: () => output };
}

/** Runs `pipeline.ts` to its end. */
export function pipeline(folder: string, ...args: string[]): Promise<Outcome> {
  return startPipeline(folder, ...args).outcome;
}

/** Copies the first photos of some classes of the clothing set, a folder a class; answers the folder. */
export function fewClothes(
  folder: string,
  photosPerClass: number,
  classes = ["dress", "hat", "shoes"],
): string {
  for (const name of classes) {
    const from = path.join(sharedPhotos, "clothing/train", name);
    mkdirSync(path.join(folder, name), { recursive: true });
    for (const photo of readdirSync(from).sort().slice(0, photosPerClass))
      cpSync(path.join(from, photo), path.join(folder, name, photo));
  }
  return folder;
}

/**
 * A Kaggle-layout folder of the dog-breed set's first photos of four breeds.
 *
 * @param tested how many of the next ones make an unlabelled `test/`
 * @returns the true breeds of those, by id
 */
export function fewDogs(folder: string, photos: number, tested = 0): Map<string, string> {
  const from = path.join(sharedPhotos, "dogs-90px");
  const [header = "", ...lines] = readFileSync(path.join(from, "labels.csv"), "utf8").trim().split("\n");
  const breeds = new Set(["scottish_deerhound", "maltese_dog", "afghan_hound", "entlebucher"]);
  const rows = lines
    .map((line): [string, string] => [line.split(",")[0] ?? "", line.split(",")[1]?.trim() ?? ""])
    .filter(([, breed]) => breeds.has(breed));
  const [labelled, others] = [rows.slice(0, photos), rows.slice(photos, photos + tested)];
  for (const [part, ids] of [
    ["train", labelled],
    ["test", others],
  ] as const)
    for (const [id] of ids) {
      mkdirSync(path.join(folder, part), { recursive: true });
      cpSync(path.join(from, `train/${id}.jpg`), path.join(folder, part, `${id}.jpg`));
    }
  writeFileSync(
    path.join(folder, "labels.csv"),
    [header, ...labelled.map((row) => row.join(","))].join("\n") + "\n",
  );
  return new Map(others);
}

/** The result of a stage on which the default run stands. */
export async function currentResult(artifacts: string, stage: string): Promise<Artifact> {
  const key = (await folderRefs(artifacts).read("default", stage)) ?? "";
  const manifest = await findManifest(folderStore(artifacts), stage, key);
  if (manifest === null) throw new Error(`no ${stage}`);
  return artifactOf(folderStore(artifacts), manifest);
}

/** The bytes of the files that a run shows. */
export function shownFiles(folder: string): Record<string, string> {
  const names = [
    ...["features.arrow", "features.npy", "probabilities.npy", "labels.npy", "ids.json"],
    ...["model.onnx", "metrics.jsonl"],
  ];
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(path.join(folder, "artifacts", name)).toString("base64")]),
  );
}

/** Names of the finished shards of a stage, and when each was written. */
export function shardTimes(
  folder: string,
  stage: string,
  times: (file: string) => number,
): Map<string, number> {
  const shards = path.join(folder, "artifacts", stage, "shards");
  const names = existsSync(shards) ? readdirSync(shards).filter((name) => name.endsWith(".json")) : [];
  return new Map(names.map((name) => [name, times(path.join(shards, name))]));
}
