/**
 * How many of the labels that are flipped on purpose are among the most doubtful ones that the report lists:
 *
 *     npx tsx bench/label-errors.ts [--data ../shared/data/clothing] [--flipped 0.03] [--listed 0.05] [--seeds 3]
 *
 * FOLDER has train/ and validation/ with a folder a class. A seed decides which training labels are flipped, each to any other
 * class, and is the seed of the training too. The photos' own wrong labels compete for the list: nobody knows how many there are.
 * Beside the report's order, by self-confidence, the one by margin is measured.
 */
import { readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { stringify } from "csv-stringify/sync";
import { folderRefs } from "../shared/artifacts/refs.ts";
import { artifactOf, findManifest } from "../shared/artifacts/results.ts";
import { folderStore } from "../shared/artifacts/store.ts";
import { readIndexedPhotos } from "../shared/photos.ts";
import { permutation, randomFor } from "../shared/random.ts";
import { labelErrors, mostDoubtful } from "../stages/report/figures/label-errors.ts";
import { readOutOfFold } from "../stages/report/gather/out-of-fold.ts";
import { benchFolder, factsOf, timedPipeline } from "./runs.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data/clothing" },
    flipped: { type: "string", default: "0.03" },
    listed: { type: "string", default: "0.05" },
    seeds: { type: "string", default: "3" },
  },
});

interface Labelled {
  readonly path: string;
  readonly label: string;
  readonly split: string;
}

const folder = benchFolder("label-errors");
const artifacts = path.join(folder, "artifacts");
symlinkSync(path.resolve(values.data), path.join(folder, "photos"));
const photos = ["train", "validation"].flatMap(photosOf);
const classes = [...new Set(photos.map(({ label }) => label))].sort();

const shares: number[] = [];
for (let seed = 0; seed < Number(values.seeds); seed++) {
  const { rows, flipped } = withLabelsFlipped(seed);
  const table = path.join(folder, `flipped-${seed}.csv`);
  writeFileSync(table, stringify(rows, { header: true }));
  const place = ["--artifacts", artifacts, "--run", `seed-${seed}`];
  await timedPipeline("index", "--data", table, ...place);
  for (const stage of ["augment", "embed"]) await timedPipeline(stage, ...place);
  await timedPipeline("train", "--seed", String(seed), ...place);
  shares.push(await shareFound(`seed-${seed}`, flipped));
}
rmSync(folder, { recursive: true });
const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
console.log(`${percent(mean)} % of the flipped labels are listed (seeds: ${shares.map(percent).join(", ")})`);

function photosOf(split: string): Labelled[] {
  const part = path.join(folder, "photos", split);
  return readdirSync(part).flatMap((label) =>
    readdirSync(path.join(part, label)).map((name) => ({
      path: ["photos", split, label, name].join("/"),
      label,
      split,
    })),
  );
}

function withLabelsFlipped(seed: number): { rows: Labelled[]; flipped: Set<string> } {
  const random = randomFor("flip labels", seed);
  const trained = photos.filter(({ split }) => split === "train");
  const count = Math.round(Number(values.flipped) * trained.length);
  const flipped = new Set(
    Array.from(permutation(trained.length, random).slice(0, count), (at) => trained[at]?.path ?? ""),
  );
  const rows = photos.map((photo) => {
    if (!flipped.has(photo.path)) return photo;
    const others = classes.filter((label) => label !== photo.label);
    return { ...photo, label: others[Math.floor(random() * others.length)] ?? photo.label };
  });
  return { rows, flipped };
}

async function shareFound(run: string, flipped: ReadonlySet<string>): Promise<number> {
  const open = async (stage: string) => {
    const key = (await folderRefs(artifacts).read(run, stage)) ?? "";
    const store = folderStore(artifacts);
    const manifest = await findManifest(store, stage, key);
    if (manifest === null) throw new Error(`${stage} has no result`);
    return artifactOf(store, manifest);
  };
  const { paths } = await readIndexedPhotos(await open("index"));
  const temperature = Number(factsOf(artifacts, "train", run)["temperature"]);
  const answered = await readOutOfFold(await open("train"), classes.length, temperature);
  if (answered === null) throw new Error("train made no out-of-fold predictions");
  const errors = labelErrors(answered);
  const wasFlipped = ({ row }: { readonly row: number }) => flipped.has(paths[row] ?? "");
  const listed = mostDoubtful(errors, Number(values.listed));
  const suspected = errors.ranked.filter((photo) => photo.suspected);
  const shareOf = (some: typeof listed) => some.filter(wasFlipped).length / flipped.size;
  const found = shareOf(listed);
  const byMargin = shareOf(errors.ranked.toSorted((a, b) => a.margin - b.margin).slice(0, listed.length));
  console.log(
    `${run}: ${flipped.size} of ${errors.ranked.length} labels flipped; ${listed.length} listed, among them ${percent(found)} % of the ` +
      `flipped (by margin ${percent(byMargin)} %); ${suspected.length} suspected by confident learning, among them ${suspected.filter(wasFlipped).length} flipped`,
  );
  return found;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
