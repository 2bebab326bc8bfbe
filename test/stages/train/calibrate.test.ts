import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openArrowFile } from "../../../shared/arrow/file.ts";
import { tensorRows } from "../../../shared/arrow/tensor.ts";
import { fitTemperature } from "../../../shared/calibration/temperature.ts";
import { parseModel } from "../../../shared/onnx/file.ts";
import type { Calibration } from "../../../stages/train/calibrate.ts";
import { temporaryFolder } from "../../folder.ts";
import { separableSet, trainToy } from "./toy.ts";

const quick = { epochs: 4, lr: 0.02, batch: 16, warmup: 0 };

/** A third of the labels are another class's. */
function doubtfulSet(photos: number) {
  const set = separableSet(photos);
  const labels = ["ant", "bee", "cat"];
  return {
    ...set,
    photos: set.photos.map((photo, i) => (i % 7 < 2 ? { ...photo, label: labels[i % 2] as string } : photo)),
  };
}

async function calibrationIn(file: (name: string) => string) {
  return JSON.parse(await readFile(file("calibration.json"), "utf8")) as Calibration;
}

async function tableIn(file: string) {
  const table = await openArrowFile(file);
  const batch = await table.batch(0);
  await table.close();
  const column = (name: string) => [...(batch.getChild(name) ?? [])] as unknown[];
  return {
    ...{ rows: column("row").map(Number), ids: column("id"), folds: column("fold").map(Number) },
    ...{ labels: column("label").map(Number), logits: tensorRows(batch, "logits") as Float32Array },
  };
}

test("every labelled training row is there in index order, and the temperature is fitted on their logits", async () => {
  const set = doubtfulSet(90);
  const others = [
    { photo: "photo 100", label: null, split: null },
    { photo: "photo 1", label: "cat", split: "train" as const },
    { photo: "photo 101", label: "bee", split: "test" as const },
  ];
  const photos = [...others, ...set.photos];
  const { result, file, lines } = await trainToy(temporaryFolder(), { ...set, photos }, quick);
  const table = await tableIn(file("out-of-fold.arrow"));
  const expected = photos.flatMap(({ split }, row) => (split === "train" ? [row] : []));
  expect(table.rows).toEqual(expected);
  expect(table.ids).toEqual(expected.map(String));
  expect(table.labels).toEqual(
    expected.map((row) => ["ant", "bee", "cat"].indexOf(photos[row]?.label ?? "")),
  );
  expect(new Set(table.folds)).toEqual(new Set([0, 1, 2, 3, 4]));
  const foldOf = (row: number) => table.folds[table.rows.indexOf(row)];
  // Two rows of one photo.
  expect(foldOf(1)).toBe(foldOf(4));
  const calibration = await calibrationIn(file);
  expect(calibration).toMatchObject({ folds: 5, photos: 82, method: "out-of-fold", bins: 15 });
  expect(calibration.temperature).toBeCloseTo(fitTemperature(table.logits, table.labels, 3), 9);
  expect(calibration.after.loss).toBeLessThan(calibration.before.loss);
  expect(result.facts).toMatchObject({ temperature: calibration.temperature });
  const { metadata } = parseModel(await readFile(file("model.onnx")));
  expect(Number(metadata["temperature"])).toBe(calibration.temperature);
  expect(lines.at(-1)).toMatch(
    /^temperature \d\.\d+ from 82 training photos, each by a head that did not see/,
  );
});

test("heads are cross-validated on the features as well as they do on validation photos", async () => {
  const { file } = await trainToy(temporaryFolder(), separableSet(90), { ...quick, lr: 0.05, epochs: 8 });
  const { labels, logits } = await tableIn(file("out-of-fold.arrow"));
  const right = labels.filter((label, i) => {
    const row = [...logits.subarray(3 * i, 3 * i + 3)];
    return row.indexOf(Math.max(...row)) === label;
  });
  expect(right.length).toBe(labels.length);
});

test("the validation loss is the calibrated model's, with what it was before beside it", async () => {
  const { result, file } = await trainToy(temporaryFolder(), doubtfulSet(90), quick);
  const metrics = (await readFile(file("metrics.jsonl"), "utf8")).trim().split("\n");
  const best = metrics
    .map((line) => JSON.parse(line) as { epoch: number; validation: { loss: number } })
    .find(({ epoch }) => epoch === result.facts?.["bestEpoch"]);
  const validation = JSON.parse(await readFile(file("validation.json"), "utf8")) as Record<string, number>;
  expect(validation["lossBefore"]).toBe(best?.validation.loss);
  expect(validation["loss"]).not.toBe(validation["lossBefore"]);
  expect(result.facts).toMatchObject({ loss: validation["loss"], lossBefore: validation["lossBefore"] });
});

test("with blocks unfrozen the temperature comes from a fold that a second training held out", async () => {
  const set = { ...doubtfulSet(60), kept: "block0" as const };
  const given = { ...quick, unfreeze: "1", headEpochs: 2 };
  const { file, lines } = await trainToy(temporaryFolder(), set, given);
  expect(await calibrationIn(file)).toMatchObject({ method: "held-out-fold", folds: 5, photos: 11 });
  expect((await tableIn(file("out-of-fold.arrow"))).rows).toHaveLength(54);
  expect(lines).toContain(
    "for the temperature: the same training on 43 of the photos, asked about the 11 others",
  );
});

test("--calibration-folds 0 leaves the logits as they are, and so do fewer photos than folds", async () => {
  const names = ["answer.onnx", "model.onnx", "metrics.jsonl", "validation.json"];
  const none = await trainToy(temporaryFolder(), separableSet(30), { ...quick, calibrationFolds: 0 });
  expect(none.result.files).toEqual(names);
  expect(none.result.facts).toMatchObject({ temperature: 1, loss: none.result.facts?.["lossBefore"] });
  const few = await trainToy(temporaryFolder(), separableSet(30), { ...quick, calibrationFolds: 28 });
  expect(few.result.files).toEqual(names);
  expect(few.lines.at(-1)).toBe("fewer photos to train on than 28 folds: the probabilities stay as they are");
});
