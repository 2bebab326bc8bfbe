import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { parseModel } from "../../../shared/onnx/file.ts";
import { run } from "../../../stages/train/run.ts";
import { separableSet, toyContext, toyFeatures, trainToy } from "./toy.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "train-"))));
afterEach(() => rm(folder, { recursive: true }));

const quick = { epochs: 8, lr: 0.05, batch: 16 };

test("a head learns a set that a plane separates", async () => {
  const { result, lines, file } = await trainToy(folder, separableSet(60), quick);
  expect(result.facts).toMatchObject({ accuracy: 1, classes: 3, features: toyFeatures });
  expect(result.files).toEqual([
    ...["answer.onnx", "model.onnx", "metrics.jsonl", "validation.json"],
    ...["calibration.json", "out-of-fold.arrow"],
  ]);
  const epochs = await metricsIn(file("metrics.jsonl"));
  expect(epochs.map(({ epoch, view }) => [epoch, view])).toEqual(
    Array.from({ length: 8 }, (_, e) => [e + 1, e % 2]),
  );
  expect(lines.join("\n")).toMatch(
    /epoch 8\/8: loss \d\.\d+, validation loss \d\.\d+, accuracy 100\.0 %, top-5 100\.0 %/,
  );
});

test("a hidden layer learns it too", async () => {
  const { result } = await trainToy(folder, separableSet(60), { ...quick, head: "mlp:16" });
  expect(result.facts).toMatchObject({ accuracy: 1 });
});

test("the head that is written gives the figures that training measured", async () => {
  const set = separableSet(60);
  const { file } = await trainToy(folder, set, { ...quick, epochs: 2, lr: 0.01 });
  const session = await (await engineNamed("cpu")).load(await readFile(file("answer.onnx")), { threads: 1 });
  const validated = set.photos.filter(({ split }) => split === "validation");
  const data = Float32Array.from(validated.flatMap(({ photo }) => set.featuresOf(photo, 0)));
  const dims = [validated.length, toyFeatures];
  const { logits } = await session.run({ activations: { type: "float32", dims, data } }, ["logits"]);
  const losses = validated.map(({ photo }, i) => {
    const row = Array.from(logits?.data.slice(3 * i, 3 * i + 3) ?? [], Number);
    const own = row[Number(photo.split(" ")[1]) % 3] ?? NaN;
    return Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0)) - own;
  });
  const measured = JSON.parse(await readFile(file("validation.json"), "utf8")) as { loss: number };
  expect(losses.reduce((sum, loss) => sum + loss) / losses.length).toBeCloseTo(measured.loss, 6);
  await session.close();
});

test("the model takes pixels, gives probabilities and names its classes and preprocessing", async () => {
  const { file } = await trainToy(folder, separableSet(30), { ...quick, epochs: 1 });
  const bytes = await readFile(file("model.onnx"));
  const { metadata } = parseModel(bytes);
  expect(JSON.parse(metadata["labels"] ?? "")).toEqual(["ant", "bee", "cat"]);
  expect(JSON.parse(metadata["preprocessing"] ?? "")).toMatchObject({ resize: 5, crop: 4 });
  const session = await (await engineNamed("cpu")).load(bytes, { threads: 1 });
  const image = {
    type: "uint8",
    dims: [2, 4, 4, 3],
    data: Uint8Array.from({ length: 96 }, (_, i) => i),
  } as const;
  const { probabilities } = await session.run({ image }, ["probabilities"]);
  expect(probabilities?.dims).toEqual([2, 3]);
  const [first, second] = [probabilities?.data.slice(0, 3), probabilities?.data.slice(3)];
  for (const row of [first, second])
    expect(Array.from(row ?? [], Number).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
  await session.close();
});

test("the same photos, config and seed give the same bytes, another seed others", async () => {
  const bytesOf = async (name: string, seed: number) => {
    const { result, file } = await trainToy(path.join(folder, name), separableSet(40), { ...quick, seed });
    return Promise.all(result.files.map((each) => readFile(file(each), "latin1")));
  };
  const first = await bytesOf("first", 1);
  expect(await bytesOf("second", 1)).toEqual(first);
  expect(await bytesOf("third", 2)).not.toEqual(first);
}, 30_000);

test("a last batch that is not full is trained on as if it were a batch of that size", async () => {
  const losses = async (name: string, batch: number) => {
    const { file } = await trainToy(path.join(folder, name), separableSet(20), { epochs: 1, batch });
    return (await metricsIn(file("metrics.jsonl"))).map(({ trainLoss, validation }) => [
      trainLoss,
      validation?.loss,
    ]);
  };
  const [full, padded] = [await losses("full", 18), await losses("padded", 500)];
  expect(padded[0]?.[0]).toBeCloseTo(full[0]?.[0] ?? NaN, 5);
  expect(padded[0]?.[1]).toBeCloseTo(full[0]?.[1] ?? NaN, 5);
});

test("rows with the same bytes are examples of their own, under different labels too", async () => {
  const set = separableSet(30);
  const twins = [
    { photo: "photo 1", label: "cat", split: "train" as const },
    { photo: "photo 1", label: "bee", split: "train" as const },
  ];
  const { result, lines } = await trainToy(folder, { ...set, photos: [...set.photos, ...twins] }, quick);
  expect(lines[0]).toBe("29 photos to train on, 3 to validate on, 3 classes, 2 views");
  expect(result.facts).toMatchObject({ accuracy: 1 });
});

test("unlabelled photos and a given test part are not trained on", async () => {
  const set = separableSet(30);
  const others = [
    { photo: "photo 100", label: null, split: null },
    { photo: "photo 101", label: "bee", split: "test" as const },
  ];
  const { lines } = await trainToy(folder, { ...set, photos: [...set.photos, ...others] }, quick);
  expect(lines[0]).toBe("27 photos to train on, 3 to validate on, 3 classes, 2 views");
});

test("training stops when it no longer gets better, and the best epoch is kept", async () => {
  const set = separableSet(60);
  // Labels that have nothing to do with the features: the sooner it stops, the better.
  const photos = set.photos.map((photo, i) => ({
    ...photo,
    label: ["ant", "bee"][Math.floor(i / 7) % 2] as string,
  }));
  const { file, lines } = await trainToy(
    folder,
    { ...set, photos },
    { epochs: 40, lr: 0.5, batch: 16, patience: 3 },
  );
  const epochs = await metricsIn(file("metrics.jsonl"));
  const losses = epochs.map(({ validation }) => validation?.loss ?? NaN);
  const best = losses.indexOf(Math.min(...losses)) + 1;
  expect(epochs).toHaveLength(best + 3);
  expect(lines.at(-2)).toBe(`epoch ${best} is kept`);
  expect(JSON.parse(await readFile(file("validation.json"), "utf8"))).toMatchObject({
    epoch: best,
    lossBefore: losses[best - 1],
  });
});

test("a fold is scored on training photos that are held out, and keeps no model", async () => {
  const { result, lines, file } = await trainToy(folder, separableSet(60), { ...quick, fold: "2/3" });
  expect(lines[0]).toBe("36 photos to train on, 18 to validate on, 3 classes, 2 views");
  expect(result.files).toEqual(["metrics.jsonl", "validation.json"]);
  expect(result.facts).toMatchObject({ accuracy: 1 });
  expect(JSON.parse(await readFile(file("validation.json"), "utf8"))).toMatchObject({ photos: 18 });
});

test("lr find tries rates one after another, suggests one, and trains nothing", async () => {
  const { result, file } = await trainToy(folder, separableSet(60), { batch: 16, lr: "find" });
  expect(result.files).toEqual(["learning-rates.csv", "learning-rates.svg", "learning-rates.txt"]);
  const [header, ...lines] = (await readFile(file("learning-rates.csv"), "utf8")).trim().split("\n");
  expect(header).toBe("learningRate,loss,smoothedLoss");
  const rows = lines.map((line) => line.split(",").map(Number));
  const rates = rows.map(([rate]) => rate ?? NaN);
  expect(rates[0]).toBe(1e-6);
  // Of a hundred steps, unless it diverges before the last.
  const ratio = 1e6 ** (1 / 99);
  for (const [i, rate] of rates.entries()) expect(rate / (1e-6 * ratio ** i)).toBeCloseTo(1, 6);
  const suggested = Number(result.facts?.["suggested"]);
  const lowest = rows.reduce((best, row) => ((row[2] ?? NaN) < (best[2] ?? NaN) ? row : best));
  expect(suggested).toBeGreaterThan(1e-6);
  expect(suggested).toBeLessThanOrEqual(1.05 * (lowest[0] ?? NaN));
  expect(await readFile(file("learning-rates.txt"), "utf8")).toContain(`with --lr ${suggested} trains`);
});

test("without validation photos the last epoch is kept, and that is said", async () => {
  const set = separableSet(30);
  const photos = set.photos.map((photo) => ({ ...photo, split: "train" as const }));
  const { result, lines } = await trainToy(folder, { ...set, photos }, { ...quick, epochs: 3 });
  expect(result.facts).toMatchObject({ accuracy: null, loss: null, bestEpoch: 3 });
  expect(lines.join("\n")).toContain("no validation photos");
});

test("the recipe trains on random views alone, nine epochs at one rate", async () => {
  const { file } = await trainToy(folder, separableSet(30, 4), { preset: "recipe" });
  const epochs = await metricsIn(file("metrics.jsonl"));
  expect(epochs.map(({ view }) => view)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
  expect(new Set(epochs.map(({ learningRate }) => learningRate))).toEqual(new Set([1e-3]));
});

test("a rate that is too high is one clear error", async () => {
  const training = trainToy(folder, separableSet(30), { ...quick, lr: 1e38, warmup: 0 });
  await expect(training).rejects.toThrow(
    /train: expected a loss that is a number for "step \d+" but got (NaN|-?Infinity)/,
  );
});

test("a feature that is no number is an error that says where", async () => {
  const set = separableSet(30);
  const featuresOf = (photo: string, view: number) =>
    set.featuresOf(photo, view).map((x) => (photo === "photo 9" ? NaN : x));
  await expect(trainToy(folder, { ...set, featuresOf })).rejects.toThrow(
    'train: expected features that are numbers for "row 2 of shard shard-7" but got NaN',
  );
});

test("a damaged shard is an error, and is taken out so that embed makes it anew", async () => {
  const { context } = await toyContext(folder, separableSet(30));
  const shard = path.join(folder, "shard-7");
  const bytes = await readFile(shard);
  bytes[bytes.length - 200] = (bytes[bytes.length - 200] as number) ^ 1;
  await writeFile(shard, bytes);
  await expect(run(context)).rejects.toThrow(
    /train: expected a shard with sha256 \w+ for "shard-7" but got other bytes/,
  );
  await expect(readFile(shard)).rejects.toThrow("ENOENT");
});

test("an index without labelled training photos is an error", async () => {
  const set = separableSet(30);
  const photos = set.photos.map((photo) => ({ ...photo, split: "validation" as const }));
  await expect(trainToy(folder, { ...set, photos })).rejects.toThrow("expected labelled photos to train on");
});

interface Line {
  epoch: number;
  view: number;
  learningRate: number;
  trainLoss: number;
  validation: { loss: number } | null;
}

async function metricsIn(file: string): Promise<Line[]> {
  const text = await readFile(file, "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}
