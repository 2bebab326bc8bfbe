/**
 * What a hundred more photos cost: the set is embedded, a hundred of its photos are added mirrored, and augment and
 * embed are timed again; then what an `all` costs that has nothing to do.
 *
 *     npx tsx bench/growth.ts --data ../shared/data/clothing/train
 */
import { cpSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { benchFolder, figuresOf, timed, timedPipeline } from "./runs.ts";

const { values } = parseArgs({
  options: { data: { type: "string", default: "../shared/data/clothing/train" } },
});
const added = 100;

const folder = benchFolder("growth");
const data = path.join(folder, "photos");
const artifacts = path.join(folder, "artifacts");
cpSync(values.data, data, { recursive: true });
await timedPipeline("all", "--data", data, "--views", "1", "--artifacts", artifacts);
const full = secondsOfBoth();

const photos = readdirSync(data, { recursive: true, withFileTypes: true }).filter(({ name }) =>
  /\.jpe?g$/i.test(name),
);
for (const { parentPath, name } of photos.slice(0, added))
  await sharp(path.join(parentPath, name))
    .flop()
    .jpeg({ quality: 95 })
    .toFile(path.join(parentPath, `mirrored-${name}`));
await timedPipeline("all", "--views", "1", "--artifacts", artifacts);
const more = secondsOfBoth();

console.log(
  `augment and embed: ${full.toFixed(1)} s for ${photos.length} photos, ${more.toFixed(1)} s for ${added} more`,
);
console.log(`share of the full run: ${(more / full).toFixed(3)} (below 0.2 wanted)`);

const idle = Math.min(
  ...(await repeated(() => timedPipeline("all", "--views", "1", "--artifacts", artifacts))),
);
const start = Math.min(
  ...(await repeated(() => timed(process.execPath, ["--import", "tsx", "--eval", "import('zx')"]))),
);
console.log(
  `a second all: ${idle.toFixed(2)} s, of which the start of Node with tsx and zx ${start.toFixed(2)}`,
);
console.log(`of its own: ${(idle - start).toFixed(2)} s (under 2 wanted)`);
rmSync(folder, { recursive: true });

async function repeated(measure: () => Promise<number>): Promise<number[]> {
  const seconds: number[] = [];
  for (let i = 0; i < 3; i++) seconds.push(await measure());
  return seconds;
}

function secondsOfBoth(): number {
  return figuresOf(artifacts, "augment").seconds + figuresOf(artifacts, "embed").seconds;
}
