import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { Predictor } from "../../../shared/predictor/predictor.ts";
import { temporaryFolder } from "../../folder.ts";
import { sidesMetadata, whiteFromLeft, writeSides } from "./sides.ts";

/** Every pixel of a half weighs 1/48 of a class's score per channel: 4 · 8 pixels, 3 channels. */
const scoreOfHalf = (4 * 8 * 3) / 48;
const certain = 1 / (1 + Math.exp(-scoreOfHalf));

async function sides(): Promise<Predictor> {
  const predictor = await Predictor.load(writeSides(path.join(temporaryFolder(), "model.onnx")), {
    threads: 1,
  });
  return predictor;
}

test("a photo's answer has every class, the likeliest first", async () => {
  const predictor = await sides();
  expect(predictor.labels).toEqual(["left", "right"]);
  const answer = await predictor.predict(await whiteFromLeft(0.5));
  expect(answer.label).toBe("left");
  expect(answer.probability).toBeCloseTo(certain, 6);
  expect(answer.probabilities.map(({ label }) => label)).toEqual(["left", "right"]);
  expect(answer.probabilities[1]?.probability).toBeCloseTo(1 - certain, 6);
  await predictor.close();
});

test('"flip" takes the mean of a photo and its mirror image', async () => {
  const predictor = await sides();
  const { probabilities } = await predictor.predict(await whiteFromLeft(0.5), { tta: "flip" });
  for (const { probability } of probabilities) expect(probability).toBeCloseTo(0.5, 6);
  await predictor.close();
});

test("a number of views takes the mean over random ones too, the same each time", async () => {
  const predictor = await sides();
  const photo = await whiteFromLeft(0.5);
  expect(await predictor.predict(photo, { tta: 1 })).toEqual(await predictor.predict(photo));
  const { probabilities } = await predictor.predict(photo, { tta: 6 });
  const left = probabilities.find(({ label }) => label === "left")?.probability ?? NaN;
  // Some of the random views are mirrored.
  expect(left).toBeGreaterThan(1 - certain);
  expect(left).toBeLessThan(certain - 0.01);
  expect(await predictor.predict(photo, { tta: 6 })).toEqual({
    ...(await predictor.predict(photo, { tta: 6 })),
  });
  await expect(predictor.predict(photo, { tta: 0 })).rejects.toThrow('expected "flip" or a number of views');
  await predictor.close();
});

test("many photos are answered in their order, whatever the batch, unreadable ones among them", async () => {
  const folder = temporaryFolder();
  const predictor = await sides();
  const files: string[] = [];
  for (let i = 0; i <= 8; i++) {
    files.push(path.join(folder, `${i}.png`));
    writeFileSync(files[i] ?? "", await whiteFromLeft(i / 8));
  }
  const truncated = path.join(folder, "truncated.png");
  writeFileSync(truncated, (await whiteFromLeft(0.5, 64)).subarray(0, 100));
  files.splice(3, 0, truncated, path.join(folder, "gone.png"));
  const alone = await Promise.all(
    files.map((file) => predictor.predict(file).catch((error: unknown) => String(error))),
  );
  for (const batch of [1, 4, 100]) {
    const together: unknown[] = [];
    for await (const { photo, prediction, error } of predictor.predictMany(files, { batch })) {
      expect(photo).toBe(files[together.length]);
      together.push(prediction ?? String(error));
    }
    expect(together).toEqual(alone);
  }
  expect(alone[3]).toMatch(/predict: expected a photo that can be decoded for ".*truncated.png" but got /);
  expect(alone[4]).toMatch(/gone.png" but got no such file/);
  await predictor.close();
});

test("a photo of too many pixels is refused with its size", async () => {
  const file = writeSides(path.join(temporaryFolder(), "model.onnx"));
  const predictor = await Predictor.load(file, { threads: 1, maxPixels: 60 });
  await expect(predictor.predict(await whiteFromLeft(0.5))).rejects.toThrow("8 × 8 pixels, more than 60");
  await predictor.close();
});

test.each([
  ["without labels", { preprocessing: sidesMetadata.preprocessing }, "metadata has no labels"],
  ["without preprocessing", { labels: sidesMetadata.labels }, "metadata has no preprocessing"],
  ["with other labels", { ...sidesMetadata, labels: "{}" }, "metadata has no labels"],
])("a model %s is none of ours", async (_, metadata, got) => {
  const file = writeSides(path.join(temporaryFolder(), "other.onnx"), metadata);
  await expect(Predictor.load(file)).rejects.toThrow(
    new RegExp(
      `^predict: expected a model.onnx that train wrote for ".*other.onnx" but got one whose ${got}`,
    ),
  );
});

test("what is no model, and what is not there, are errors that name the file", async () => {
  const file = path.join(temporaryFolder(), "photo.onnx");
  await expect(Predictor.load(file)).rejects.toThrow(
    /expected a trained model for ".*photo.onnx" but got no such file/,
  );
  writeFileSync(file, await whiteFromLeft(0.5));
  await expect(Predictor.load(file)).rejects.toThrow(
    /a model.onnx that train wrote for ".*photo.onnx" but got another file/,
  );
});
