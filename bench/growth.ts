/**
 * What a hundred more photos cost: the set is embedded, a hundred of its photos are added mirrored, and augment and
 * embed are timed again.
 *
 *     npx tsx bench/growth.ts --data ../shared/data/clothing/train
 */
import { cpSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { benchFolder, figuresOf, timedPipeline } from "./runs.ts";

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

const photos = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
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
rmSync(folder, { recursive: true });

function secondsOfBoth(): number {
  return figuresOf(artifacts, "augment").seconds + figuresOf(artifacts, "embed").seconds;
}
