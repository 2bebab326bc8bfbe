/**
 * Peak memory of every stage on a set taken once and three times (renamed, one pixel changed):
 *
 *     npx tsx bench/memory.ts --data ../shared/data/clothing/train
 */
import { cpSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { benchFolder, figuresOf, timedPipeline } from "./runs.ts";

const { values } = parseArgs({
  options: { data: { type: "string", default: "../shared/data/clothing/train" } },
});
const stages = ["index", "augment", "embed", "train", "export", "report"];

const folder = benchFolder("memory");
const data = path.join(folder, "photos");
cpSync(values.data, data, { recursive: true });
const once = await peaks("once");
const photos = readdirSync(data, { recursive: true, withFileTypes: true }).filter(({ name }) =>
  /\.jpe?g$/i.test(name),
);
for (const copy of [1, 2])
  for (const { parentPath, name } of photos)
    await changeOnePixel(path.join(parentPath, name), path.join(parentPath, `copy${copy}-${name}`), copy);
const thrice = await peaks("thrice");
for (const [i, stage] of stages.entries()) {
  const [a = NaN, b = NaN] = [once[i], thrice[i]];
  console.log(`${stage}: ${a} MiB once, ${b} MiB three times, ${(100 * (b / a - 1)).toFixed(1)} % more`);
}
rmSync(folder, { recursive: true });

async function peaks(name: string): Promise<number[]> {
  const artifacts = path.join(folder, name);
  await timedPipeline("all", "--data", data, "--views", "1", "--artifacts", artifacts);
  return stages.map((stage) => figuresOf(artifacts, stage).peakMemoryMiB);
}

/** A photo that nobody can tell from the first, with other bytes. */
async function changeOnePixel(from: string, to: string, value: number): Promise<void> {
  const { data: pixels, info } = await sharp(from).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  pixels[0] = value;
  await sharp(pixels, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .jpeg({ quality: 90 })
    .toFile(to);
}
