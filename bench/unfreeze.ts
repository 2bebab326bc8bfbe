/**
 * What unfreezing is worth: the head alone, and the last 1, 2 and 4 blocks tuned with it, on the same splits and views.
 *
 *     npx tsx bench/unfreeze.ts --data FOLDER [--split-seeds 5] [--seeds 1] [--given-split] [--blocks 0,1,2,4]
 *
 * FOLDER has a folder a class, or parts with such folders (train/, validation/), which are pooled: each split seed then holds
 * out another tenth. `--given-split` keeps the parts as they are, and --seeds trains several times on them.
 * Minutes are those of the train stage alone, from the maps that embed kept.
 */
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { benchFolder, factsOf, figuresOf, timedPipeline } from "./runs.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data/clothing" },
    "split-seeds": { type: "string", default: "5" },
    seeds: { type: "string", default: "1" },
    "given-split": { type: "boolean", default: false },
    blocks: { type: "string", default: "0,1,2,4" },
  },
});
const views = ["--views", "2", "--scale", "0.25,1", "--rotation", "15"];
const folder = benchFolder("unfreeze");
const artifacts = path.join(folder, "artifacts");
const numbers = (count: string) => Array.from({ length: Number(count) }, (_, number) => String(number));
const settings = values.blocks.split(",");
const most = [...settings].sort((a, b) => Number(b) - Number(a))[0] ?? "0";
const accuracies = new Map<string, number[]>(settings.map((blocks) => [blocks, []]));
const minutes = new Map<string, number[]>(settings.map((blocks) => [blocks, []]));

const data = values["given-split"] ? values.data : pooled(values.data, path.join(folder, "photos"));
for (const split of values["given-split"] ? ["0"] : numbers(values["split-seeds"])) {
  const run = `split-${split}`;
  const place = ["--artifacts", artifacts, "--run", run];
  await timedPipeline("index", "--data", data, "--split-seed", split, ...place);
  await timedPipeline("augment", ...views, ...place);
  await timedPipeline("embed", "--unfreeze", most, ...place);
  for (const seed of numbers(values.seeds))
    for (const blocks of settings) {
      await timedPipeline("train", "--unfreeze", blocks, "--seed", seed, ...place);
      accuracies.get(blocks)?.push(Number(factsOf(artifacts, "train", run)["accuracy"]));
      minutes.get(blocks)?.push(figuresOf(artifacts, "train", run).seconds / 60);
    }
}
rmSync(folder, { recursive: true });

const frozen = accuracies.get("0") ?? [];
for (const blocks of settings) {
  const own = accuracies.get(blocks) ?? [];
  const gain =
    frozen.length === 0 ? "" : `, ${(100 * (mean(own) - mean(frozen))).toFixed(1)} points over frozen`;
  console.log(
    `${path.basename(values.data)}, ${blocks === "0" ? "frozen" : `last ${blocks} blocks`}: ${percent(mean(own))} % ` +
      `(${own.map(percent).join(", ")})${gain}, ${mean(minutes.get(blocks) ?? []).toFixed(1)} minutes`,
  );
}

/** Copies the photos of all parts into one folder a class; a folder without parts is taken as it is. */
function pooled(from: string, to: string): string {
  const parts = ["train", "validation"]
    .map((part) => path.join(from, part))
    .filter((part) => existsSync(part));
  if (parts.length === 0) return from;
  for (const part of parts)
    for (const name of readdirSync(part))
      cpSync(path.join(part, name), path.join(to, name), { recursive: true });
  return to;
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, one) => sum + one, 0) / list.length;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
