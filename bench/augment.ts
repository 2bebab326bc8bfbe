/**
 * Views a second of the augment stage, as a user runs it, beside torchvision's chain on Pillow, on the same photos with
 * as many processes, in turn in one run:
 *
 *     npx tsx bench/augment.ts [--data ../shared/data/clothing/train] [--views 4] [--rounds 3]
 *
 * The photos are a folder a class. torchvision runs in the Python of the environment variable PYTHON; its start and its imports,
 * like Node's, are left out.
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { limitsHere } from "../shared/limits.ts";
import { benchFolder, figuresOf, timedPipeline } from "./runs.ts";

const { values: asked } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data/clothing/train" },
    views: { type: "string", default: "4" },
    rounds: { type: "string", default: "3" },
  },
});

interface Rate {
  readonly views: number;
  readonly seconds: number;
}

/** From the start of the stage's run to its end: pool, decoding, warping, shards on disk. */
async function ours(): Promise<Rate> {
  const artifacts = benchFolder("augment");
  await timedPipeline("index", "--data", asked.data, "--artifacts", artifacts);
  await timedPipeline("augment", "--views", asked.views, "--artifacts", artifacts);
  const { warped, seconds } = figuresOf(artifacts, "augment");
  rmSync(artifacts, { recursive: true });
  return { views: Number(warped), seconds };
}

/** The loader's iteration, one view for each decoded photo. */
function torchvision(): Rate {
  const script = path.join(import.meta.dirname, "torchvision_views.py");
  const args = [script, asked.data, "--workers", String(limitsHere().usable)];
  return JSON.parse(execFileSync(process.env["PYTHON"] ?? "python3", args, { encoding: "utf8" })) as Rate;
}

const [here, theirs]: [Rate[], Rate[]] = [[], []];
for (let round = 1; round <= Number(asked.rounds); round++) {
  theirs.push(torchvision());
  here.push(await ours());
  console.log(`round ${round}: ${compared(here.slice(-1), theirs.slice(-1))}`);
}
console.log(
  `together, ${asked.views} random views and a clean one: ${compared(here, theirs)} (at least 3 wanted)`,
);

function compared(augment: readonly Rate[], peer: readonly Rate[]): string {
  const rate = (rates: readonly Rate[]) => sum(rates, "views") / sum(rates, "seconds");
  const [a, b] = [rate(augment), rate(peer)];
  return `augment ${a.toFixed(0)} views/s, torchvision ${b.toFixed(0)}, ${(a / b).toFixed(2)} times`;
}

function sum(rates: readonly Rate[], field: keyof Rate): number {
  return rates.reduce((total, rate) => total + rate[field], 0);
}
