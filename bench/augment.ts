import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { shardStore } from "../shared/artifacts/shards.ts";
import { folderStore } from "../shared/artifacts/store.ts";
import type { Artifact } from "../shared/artifacts/types.ts";
import type { Progress } from "../shared/progress.ts";
import { config } from "../stages/augment/config.ts";
import { run } from "../stages/augment/run.ts";

/**
 * Views a second of the augment stage beside torchvision's chain on Pillow, on the same photos with as many processes
 * (threads here), in turn in one run; and the processors' time that a view took, which other work on the machine changes less.
 *
 *     npx tsx bench/augment.ts [--data ../shared/data/clothing/train] [--views 4] [--workers 2] [--rounds 3]
 *
 * The photos are a folder a class. torchvision runs in the Python of the environment variable PYTHON.
 */
const { values: asked } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data/clothing/train" },
    views: { type: "string", default: "4" },
    workers: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
  },
});
const workers = Number(asked.workers);
const quiet: Progress = {
  line: () => undefined,
  bar: () => ({ advance: () => undefined, done: () => undefined }),
};

interface Rate {
  readonly views: number;
  readonly seconds: number;
  /** of all threads and processes */
  readonly cpuSeconds: number;
}

/** From the start of the stage's run to its end: pool, decoding, warping, shards on disk. */
async function ours(photos: PhotoList): Promise<Rate> {
  const root = await mkdtemp(path.join(tmpdir(), "augment-"));
  try {
    const workspace = path.join(root, "work");
    await mkdir(workspace);
    await writeFile(path.join(root, "photos.json"), JSON.stringify(photos));
    const index = { file: (name: string) => path.join(root, name) } as unknown as Artifact;
    const [started, cpuBefore] = [performance.now(), process.cpuUsage()];
    const result = await run({
      config: config.parse({ data: asked.data, views: Number(asked.views) }),
      key: "bench",
      source: null,
      inputs: { index },
      shards: shardStore(folderStore(root), "augment"),
      workspace,
      cache: root,
      workers,
      part: null,
      progress: quiet,
      signal: new AbortController().signal,
    });
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      views: Number(result?.figures?.["warped"]),
      seconds: (performance.now() - started) / 1000,
      cpuSeconds: (user + system) / 1e6,
    };
  } finally {
    await rm(root, { recursive: true });
  }
}

/** The loader's iteration, Python's start and its imports left out. */
async function torchvision(): Promise<Rate> {
  const script = fileURLToPath(new URL("torchvision_views.py", import.meta.url));
  const python = process.env["PYTHON"] ?? "python3";
  const { stdout } = await promisify(execFile)(python, [script, asked.data, "--workers", asked.workers]);
  return JSON.parse(stdout) as Rate;
}

interface PhotoList {
  readonly all: readonly string[];
  readonly clean: readonly string[];
  readonly paths: Readonly<Record<string, string>>;
}

async function listed(folder: string): Promise<PhotoList> {
  const paths: Record<string, string> = {};
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/\.(jpe?g|png|webp)$/i.test(name)) continue;
    const bytes = await readFile(path.join(folder, name));
    paths[createHash("sha256").update(bytes).digest("hex")] = name;
  }
  return { all: Object.keys(paths).sort(), clean: [], paths };
}

const photos = await listed(asked.data);
console.log(`${photos.all.length} photos, ${asked.views} random views and a clean one, ${workers} workers`);
const [here, theirs]: [Rate[], Rate[]] = [[], []];
for (let round = 1; round <= Number(asked.rounds); round++) {
  theirs.push(await torchvision());
  here.push(await ours(photos));
  console.log(`round ${round}: ${compared(here.slice(-1), theirs.slice(-1))}`);
}
console.log(`together: ${compared(here, theirs)}`);

function compared(augment: readonly Rate[], peer: readonly Rate[]): string {
  const rate = (rates: readonly Rate[]) => sum(rates, "views") / sum(rates, "seconds");
  const cost = (rates: readonly Rate[]) => (1000 * sum(rates, "cpuSeconds")) / sum(rates, "views");
  return [
    `augment ${rate(augment).toFixed(0)} views/s, torchvision ${rate(peer).toFixed(0)}`,
    `${(rate(augment) / rate(peer)).toFixed(2)} times`,
    `CPU a view ${cost(augment).toFixed(2)} and ${cost(peer).toFixed(2)} ms`,
    `${(cost(peer) / cost(augment)).toFixed(2)} times`,
  ].join(", ");
}

function sum(rates: readonly Rate[], field: keyof Rate): number {
  return rates.reduce((total, rate) => total + rate[field], 0);
}
