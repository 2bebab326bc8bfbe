/**
 * Cross-validates train's settings within the training photos of a set; its validation photos are never looked at:
 *
 *     npx tsx bench/head-defaults.ts --data ../shared/data/clothing --lr 1e-3,2e-3,4e-3 --weight-decay 1,5 [--folds 3]
 *
 * Each fold is a CSV of the training photos with a split of its own and a run of its own; the photos are embedded once.
 */
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { stringify } from "csv-stringify/sync";
import { folderRefs } from "../shared/artifacts/refs.ts";
import { artifactOf, findManifest } from "../shared/artifacts/results.ts";
import { folderStore } from "../shared/artifacts/store.ts";
import { type IndexedPhotos, readIndexedPhotos } from "../shared/photos.ts";
import { permutation, randomFor } from "../shared/random.ts";
import { benchFolder, factsOf, timedPipeline } from "./runs.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data/clothing" },
    lr: { type: "string", default: "1e-3,2e-3,4e-3" },
    "weight-decay": { type: "string", default: "1,5" },
    views: { type: "string", default: "1" },
    folds: { type: "string", default: "3" },
  },
});
const folds = Number(values.folds);

const folder = benchFolder("head-defaults");
const artifacts = ["--artifacts", path.join(folder, "artifacts")];
await timedPipeline("index", "--data", values.data, ...artifacts);
const photos = await indexed();
const assigned = foldsOf(photos);
for (let fold = 0; fold < folds; fold++) {
  const rows = [...assigned].map(([row, own]) => ({
    path: path.relative(folder, path.resolve(values.data, photos.paths[row] ?? "")),
    label: photos.classes[photos.labels[row] ?? 0],
    split: own === fold ? "validation" : "train",
  }));
  const csv = path.join(folder, `fold${fold}.csv`);
  writeFileSync(csv, stringify(rows, { header: true }));
  const run = ["--run", `fold${fold}`, ...artifacts];
  await timedPipeline("index", "--data", csv, ...run);
  await timedPipeline("augment", "--views", values.views, ...run);
  await timedPipeline("embed", ...run);
}

const table: { lr: string; decay: string; accuracies: number[] }[] = [];
for (const lr of values.lr.split(","))
  for (const decay of values["weight-decay"].split(",")) {
    const accuracies: number[] = [];
    for (let fold = 0; fold < folds; fold++) {
      await timedPipeline("train", "--run", `fold${fold}`, "--lr", lr, "--weight-decay", decay, ...artifacts);
      accuracies.push(Number(factsOf(path.join(folder, "artifacts"), "train", `fold${fold}`)["accuracy"]));
    }
    table.push({ lr, decay, accuracies });
  }
for (const { lr, decay, accuracies } of table) {
  const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / folds;
  const each = accuracies.map((accuracy) => (100 * accuracy).toFixed(1)).join(", ");
  console.log(`lr ${lr}, weight decay ${decay}: ${(100 * mean).toFixed(2)} % (folds: ${each})`);
}
rmSync(folder, { recursive: true });

async function indexed(): Promise<IndexedPhotos> {
  const root = path.join(folder, "artifacts");
  const key = await folderRefs(root).read("default", "index");
  const manifest = key === null ? null : await findManifest(folderStore(root), "index", key);
  if (manifest === null) throw new Error("no index");
  return readIndexedPhotos(artifactOf(folderStore(root), manifest));
}

/** The fold of each training row: every class is dealt out in a seeded order. */
function foldsOf({ count, splits, labels, classes }: IndexedPhotos): Map<number, number> {
  const training = Array.from({ length: count }, (_, row) => row).filter((row) => splits[row] === "train");
  const dealt = new Map<number, number>();
  for (const label of classes.keys()) {
    const rows = training.filter((row) => labels[row] === label);
    for (const [i, place] of permutation(rows.length, randomFor("folds", label)).entries())
      dealt.set(rows[place] ?? -1, i % folds);
  }
  return new Map([...dealt].sort(([a], [b]) => a - b));
}
