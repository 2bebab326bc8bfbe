import { copyFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import type { Checkpoints } from "../../../shared/artifacts/types.ts";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { parseModel } from "../../../shared/onnx/file.ts";
import { run } from "../../../stages/train/run.ts";
import { temporaryFolder } from "../../folder.ts";
import { separableSet, toyContext, trainToy } from "./toy.ts";

const quick = { epochs: 3, lr: 0.02, batch: 16, warmup: 0, calibrationFolds: 0 };
const mapped = (photos: number) => ({ ...separableSet(photos), kept: "block0" as const });
const weightsIn = async (file: string) => {
  const { initializers } = parseModel(await readFile(file));
  return (name: string) => Array.from(initializers.get(name)?.data ?? [], Number);
};
const names = ["stem.weight", "block0.weight", "block1.weight"];

test("the last block is trained with the head, and what lies below it stays as it was", async () => {
  const folder = temporaryFolder();
  const { result, file } = await trainToy(folder, mapped(60), { ...quick, unfreeze: "1" });
  expect(result.facts).toMatchObject({ accuracy: 1, blocks: ["block1"] });
  const before = await weightsIn(path.join(folder, "toy.onnx"));
  const after = await weightsIn(file("model.onnx"));
  for (const name of names.slice(0, 2)) expect(after(name)).toEqual(before(name));
  expect(after("block1.weight")).not.toEqual(before("block1.weight"));
});

test("the head is trained alone first, unless that is not wanted", async () => {
  const folder = temporaryFolder();
  const given = { ...quick, unfreeze: "1", lr: 1e-6, epochs: 1 };
  const { result, lines } = await trainToy(path.join(folder, "first"), mapped(60), given);
  expect(lines).toContainEqual(
    expect.stringMatching(/the head alone, on clean views: epoch \d+\/30 is taken, accuracy/),
  );
  const without = await trainToy(path.join(folder, "without"), mapped(60), { ...given, headEpochs: 0 });
  expect(Number(result.facts?.["loss"])).toBeLessThan(Number(without.result.facts?.["loss"]));
});

test("gradients are clipped, and the parameters' average is taken, where that is asked for", async () => {
  const folder = temporaryFolder();
  const weights = async (name: string, more: object) => {
    const { file } = await trainToy(path.join(folder, name), mapped(60), {
      ...quick,
      unfreeze: "1",
      ...more,
    });
    return (await weightsIn(file("model.onnx")))("block1.weight");
  };
  const plain = await weights("plain", {});
  expect(await weights("clipped", { clip: 1e-9 })).not.toEqual(plain);
  expect(await weights("averaged", { average: 0.9 })).not.toEqual(plain);
}, 30_000);

test("what is written gives the loss that training measured, from what embed kept and from the pixels", async () => {
  const folder = temporaryFolder();
  const set = { ...separableSet(60), kept: "pixels" as const };
  const { file } = await trainToy(folder, set, { ...quick, unfreeze: "all", calibrationFolds: 2 });
  const validated = set.photos.filter(({ split }) => split === "validation");
  const data = Uint8Array.from(
    validated.flatMap(({ photo }) =>
      new Array(16).fill(0).flatMap(() =>
        set
          .featuresOf(photo, 0)
          .slice(0, 3)
          .map((x) => 25 * x),
      ),
    ),
  );
  const image = { type: "uint8", dims: [validated.length, 4, 4, 3], data } as const;
  const engine = await engineNamed("cpu");
  const answer = await engine.load(await readFile(file("answer.onnx")), { threads: 1 });
  const model = await engine.load(await readFile(file("model.onnx")), { threads: 1 });
  const { logits } = await answer.run({ image }, ["logits"]);
  const { probabilities } = await model.run({ image }, ["probabilities"]);
  const measured = JSON.parse(await readFile(file("validation.json"), "utf8")) as { loss: number };
  const lossOf = (score: (row: number, label: number) => number) =>
    validated.reduce((sum, { photo }, row) => sum - score(row, Number(photo.split(" ")[1]) % 3), 0) /
    validated.length;
  const row = (i: number) => Array.from(logits?.data.slice(3 * i, 3 * i + 3) ?? [], Number);
  const logSum = (i: number) => Math.log(row(i).reduce((sum, logit) => sum + Math.exp(logit), 0));
  expect(lossOf((i, label) => (row(i)[label] ?? NaN) - logSum(i))).toBeCloseTo(measured.loss, 5);
  expect(lossOf((i, label) => Math.log(Number(probabilities?.data[3 * i + label])))).toBeCloseTo(
    measured.loss,
    5,
  );
  await Promise.all([answer.close(), model.close()]);
}, 30_000);

test("with everything unfrozen, all weights are trained from the pixels", async () => {
  const folder = temporaryFolder();
  const set = { ...separableSet(60), kept: "pixels" as const };
  const { result, file } = await trainToy(folder, set, { ...quick, epochs: 6, unfreeze: "all" });
  expect(result.facts).toMatchObject({ accuracy: 1, blocks: ["stem", "block0", "block1"] });
  const before = await weightsIn(path.join(folder, "toy.onnx"));
  const after = await weightsIn(file("model.onnx"));
  for (const name of names) expect(after(name)).not.toEqual(before(name));
});

test("a map that is kept serves a later boundary, and pixels serve every one", async () => {
  const folder = temporaryFolder();
  for (const kept of ["block0", "pixels"] as const) {
    const set = { ...separableSet(60), kept };
    const { result, file } = await trainToy(path.join(folder, kept), set, {
      ...quick,
      lr: 0.05,
      epochs: 8,
      batch: 16,
    });
    expect(result.facts).toMatchObject({ accuracy: 1, blocks: [] });
    const [input] = parseModel(await readFile(file("answer.onnx"))).inputs;
    expect(input?.name).toBe(kept === "pixels" ? "image" : "activations");
  }
});

test("with clean views alone, the maps at the boundary and the features behind it are kept apart", async () => {
  const set = { ...separableSet(60, 1), kept: "pixels" as const };
  const { result } = await trainToy(temporaryFolder(), set, { ...quick, unfreeze: "1" });
  expect(result.facts).toMatchObject({ accuracy: 1, blocks: ["block1"] });
});

test("a boundary before what is kept is an error that says what to run", async () => {
  await expect(trainToy(temporaryFolder(), separableSet(30), { ...quick, unfreeze: "1" })).rejects.toThrow(
    /expected a boundary that what embed kept leads to for "--unfreeze" but got one at block0.*run npx zx/s,
  );
});

test("a training that is stopped after any epoch goes on from there and ends with the same bytes", async () => {
  const folder = temporaryFolder();
  const given = { ...quick, epochs: 4, headEpochs: 2, unfreeze: "1", calibrationFolds: 2 };
  const undisturbed = await trainToy(path.join(folder, "undisturbed"), mapped(40), given);
  const bytes = (file: (name: string) => string) =>
    Promise.all(undisturbed.result.files.map((name) => readFile(file(name), "latin1")));
  const expected = await bytes(undisturbed.file);
  for (const stop of [1, 2, 3]) {
    const place = path.join(folder, `stopped ${stop}`);
    const checkpoints = await oneCheckpoint(path.join(place, "checkpoint"), stop);
    const stopped = await toyContext(place, mapped(40), given, checkpoints);
    await expect(run(stopped.context)).rejects.toThrow("killed");
    const again = await toyContext(place, mapped(40), given, checkpoints);
    await run(again.context);
    expect(again.lines).toContain(`goes on after epoch ${stop}, which was kept`);
    expect(await bytes(again.file)).toEqual(expected);
  }
}, 30_000);

/** Keeps one checkpoint, and fails right after it has kept the one of a certain epoch, once. */
async function oneCheckpoint(folder: string, failing: number): Promise<Checkpoints> {
  await mkdir(folder, { recursive: true });
  const kept = path.join(folder, "kept");
  let [newest, fails] = [0, true];
  return {
    latest: () => Promise.resolve(newest === 0 ? null : { number: newest, path: kept }),
    async put(number, file) {
      await copyFile(file, kept);
      newest = number;
      if (number === failing && fails) {
        fails = false;
        throw new Error("killed");
      }
    },
  };
}
