/**
 * What the temperature is worth: log loss and expected calibration error of the validation photos, which had no say in it, before and
 * after, the mean of three training seeds; and the error that exact probabilities would show on as many photos in as many bins.
 *
 *     npx tsx bench/calibration.ts clothing dogs-90px [--data ../shared/data] [--unfreeze 0] [--seeds 3] [--artifacts FOLDER]
 *
 * The sets are folders below --data. --artifacts keeps what is made, a folder a set in it; only training differs between seeds.
 */
import { rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readNpyRows } from "../shared/arrow/npy.ts";
import { folderRefs } from "../shared/artifacts/refs.ts";
import { artifactOf, findManifest } from "../shared/artifacts/results.ts";
import { folderStore } from "../shared/artifacts/store.ts";
import {
  calibrationNoiseFloor,
  defaultBins,
  expectedCalibrationError,
} from "../shared/calibration/calibration-error.ts";
import { logLoss } from "../shared/calibration/log-loss.ts";
import { softmaxRows } from "../shared/calibration/softmax.ts";
import { readIndexedPhotos } from "../shared/photos.ts";
import { benchFolder, factsOf, timedPipeline } from "./runs.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string", default: "../shared/data" },
    unfreeze: { type: "string", default: "0" },
    seeds: { type: "string", default: "3" },
    artifacts: { type: "string" },
  },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => String(seed));
const kept = values.artifacts;
const table: string[] = [];

for (const name of positionals) {
  const artifacts = path.resolve(kept ?? benchFolder("calibration"), name);
  const measured: Measures[] = [];
  for (const seed of seeds) {
    const data = ["--data", path.join(values.data, name), "--artifacts", artifacts];
    await timedPipeline("all", ...data, "--unfreeze", values.unfreeze, "--seed", seed);
    measured.push(await measuresOf(artifacts));
  }
  const mean = (of: (one: Measures) => number) =>
    measured.reduce((sum, one) => sum + of(one), 0) / measured.length;
  const three = (of: (one: Measures) => number) => mean(of).toFixed(3);
  const percent = (of: (one: Measures) => number) => `${(100 * mean(of)).toFixed(1)} %`;
  table.push(
    `| ${name} | ${measured[0]?.photos ?? 0} | ${three((one) => one.temperature)} ` +
      `| ${three((one) => one.before.loss)} → ${three((one) => one.after.loss)} ` +
      `| ${percent((one) => one.before.error)} → ${percent((one) => one.after.error)} | ${percent((one) => one.noiseFloor)} |`,
  );
  if (kept === undefined) rmSync(path.dirname(artifacts), { recursive: true });
}
console.log(`unfrozen: ${values.unfreeze}; the mean of ${seeds.length} training seeds; ${defaultBins} bins`);
console.log("| set | validation photos | temperature | log loss | calibration error | its noise floor |");
console.log(["|---|---|---|---|---|---|", ...table].join("\n"));

interface Measures {
  readonly photos: number;
  readonly temperature: number;
  readonly before: Measured;
  readonly after: Measured;
  readonly noiseFloor: number;
}

interface Measured {
  readonly loss: number;
  readonly error: number;
}

/** Of the validation photos, from the probabilities that export wrote. */
async function measuresOf(artifacts: string): Promise<Measures> {
  const store = folderStore(artifacts);
  const key = await folderRefs(artifacts).read("default", "index");
  const manifest = await findManifest(store, "index", key ?? "");
  if (manifest === null) throw new Error("no index");
  const index = await readIndexedPhotos(artifactOf(store, manifest));
  const classes = index.classes.length;
  const rows = index.splits.flatMap((split, row) => (split === "validation" ? [row] : []));
  const all = await readNpyRows(path.join(artifacts, "probabilities.npy"), 0, index.count);
  const probabilities = new Float32Array(rows.length * classes);
  for (const [i, row] of rows.entries())
    probabilities.set(all.rows.subarray(row * classes, (row + 1) * classes) as Float32Array, i * classes);
  const labels = rows.map((row) => index.labels[row] as number);
  const measured = (stated: Float32Array): Measured => ({
    loss: logLoss(stated, labels, classes),
    error: expectedCalibrationError(stated, labels, classes).ece,
  });
  const temperature = Number(factsOf(artifacts, "train")["temperature"]);
  // The logits over the temperature are log p, but for a number that is the same for all classes of a photo.
  const scores = probabilities.map((p) => Math.log(Math.max(p, 2 ** -126)));
  return {
    ...{ photos: rows.length, temperature, after: measured(probabilities) },
    before: measured(softmaxRows(scores, classes, 1 / temperature)),
    noiseFloor: calibrationNoiseFloor(probabilities, classes),
  };
}
