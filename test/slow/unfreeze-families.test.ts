import { mkdir } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { persistentFolder } from "../folder.ts";
import { currentResult, pipeline } from "./command-line.ts";

const networks = path.resolve(import.meta.dirname, "../shared/training/golden/families");
const folder = persistentFolder();
const data = path.join(folder, "photos");

beforeAll(async () => {
  const colours = { red: { r: 200, g: 40, b: 40 }, blue: { r: 40, g: 40, b: 200 } };
  for (const [label, background] of Object.entries(colours)) {
    await mkdir(path.join(data, label), { recursive: true });
    for (let i = 0; i < 12; i++)
      await sharp({ create: { width: 40 + i, height: 40, channels: 3, background } })
        .jpeg()
        .toFile(path.join(data, label, `${i}.jpg`));
  }
});

test.each([
  ["vit.older", "encoder.layers.encoder_layer_1"],
  ["vit-timm.newer", "blocks.1"],
  ["convnext.older", "features.5.0"],
  ["convnext.newer", "features.5.0"],
  ["efficientnet-lite.older", "_blocks.3"],
])("--unfreeze 1 trains the last block of %s, a stranger's file", async (name, block) => {
  const place = path.join(folder, name);
  await mkdir(place);
  const { status, output } = await pipeline(
    ...[place, "all", "--data", data, "--backbone", path.join(networks, `${name}.onnx`)],
    ...[
      "--input-size",
      "32",
      "--unfreeze",
      "1",
      "--views",
      "1",
      "--epochs",
      "3",
      "--lr",
      "0.01",
      "--batch",
      "8",
    ],
  );
  expect({ status, output }).toMatchObject({ status: 0 });
  const { facts } = (await currentResult(path.join(place, "artifacts"), "train")).manifest;
  expect((facts["blocks"] as string[])[0]).toBe(block);
  expect(facts["loss"]).toBeLessThan(0.6);
});
