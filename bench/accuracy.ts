/**
 * The frozen backbone with the trained head beside scikit-learn's logistic regression on the exported features:
 *
 *     npx tsx bench/accuracy.ts clothing dogs-90px demo [--data ../shared/data]
 *
 * `clothing` and `dogs-90px` are folders below --data, scored on their validation photos; `demo` is the demo's 3,000 photos,
 * scored on 2,000 others of the package. The mean of three training seeds; C is chosen by cross-validation on the training photos.
 * Needs $PYTHON with scikit-learn and pyarrow.
 */
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { demoHoldout, demoPhotos } from "../commands/demo.ts";
import { cacheFolder } from "../shared/cache.ts";
import { terminalProgress } from "../shared/progress.ts";
import { benchFolder, factsOf, timedPipeline } from "./runs.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: "string", default: "../shared/data" } },
});
const seeds = [0, 1, 2];

for (const name of positionals) {
  const folder = benchFolder("accuracy");
  const artifacts = path.join(folder, "artifacts");
  const [data, part] =
    name === "demo" ? [await demoWithTest(folder), "test"] : [path.join(values.data, name), "validation"];
  const common = ["--artifacts", artifacts];
  await timedPipeline("all", "--data", data, ...common);
  const accuracies: number[] = [];
  for (const seed of seeds) {
    await timedPipeline("train", "--seed", String(seed), ...common);
    await timedPipeline("export", ...common);
    accuracies.push(
      part === "validation" ? Number(factsOf(artifacts, "train")["accuracy"]) : testAccuracy(artifacts),
    );
  }
  const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length;
  const script = path.join(import.meta.dirname, "logistic_regression.py");
  const regression = execFileSync(
    process.env["PYTHON"] ?? "python3",
    [script, path.join(artifacts, "features.arrow"), part],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const { accuracy, C, photos } = JSON.parse(regression) as { accuracy: number; C: number; photos: number };
  const percent = (share: number) => (100 * share).toFixed(1);
  console.log(
    `${name}: head ${percent(mean)} % (seeds: ${accuracies.map(percent).join(", ")}), logistic regression ${percent(accuracy)} % ` +
      `(C ${C}), difference ${(100 * (mean - accuracy)).toFixed(1)} points, on ${photos} ${part} photos`,
  );
  rmSync(folder, { recursive: true });
}

function testAccuracy(artifacts: string): number {
  return (factsOf(artifacts, "export")["test"] as { accuracy: number }).accuracy;
}

/** The demo's photos and, as a given test part, 2,000 others: a CSV beside them. */
async function demoWithTest(folder: string): Promise<string> {
  const progress = terminalProgress("bench");
  const { signal } = new AbortController();
  const demo = await demoPhotos(cacheFolder(), progress, signal);
  cpSync(path.join(demo, "train"), path.join(folder, "train"), { recursive: true });
  await demoHoldout(path.join(folder, "test"), 2000, progress, signal);
  const labels = readFileSync(path.join(demo, "labels.csv"), "utf8").trim().split("\n").slice(1);
  const train = labels
    .map((line) => line.split(","))
    .map(([id = "", label = ""]) => `train/${id}.png,${label},`);
  const test = readdirSync(path.join(folder, "test")).flatMap((label) =>
    readdirSync(path.join(folder, "test", label)).map((photo) => `test/${label}/${photo},${label},test`),
  );
  const file = path.join(folder, "photos.csv");
  writeFileSync(file, `${["path,label,split", ...train, ...test].join("\n")}\n`);
  return file;
}
