import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { readNpyRows } from "../../shared/arrow/npy.ts";
import { modelAnswers } from "./model-answers.ts";
import { persistentFolder, temporaryFolder } from "../folder.ts";
import {
  currentResult,
  fewClothes,
  hasSharedPhotos,
  pipeline,
  shownFiles,
  startPipeline,
} from "./command-line.ts";

const classes = ["dress", "hat", "shoes"];
const smallResNet = path.resolve(import.meta.dirname, "../shared/training/golden/families/resnet.older.onnx");

describe.skipIf(!hasSharedPhotos)("the last blocks of the network, tuned on real photos", () => {
  const folder = persistentFolder();
  const root = path.join(folder, "artifacts");
  const flags = ["--views", "1", "--epochs", "3", "--batch", "16"];

  beforeAll(async () => {
    const data = fewClothes(path.join(folder, "clothes"), 30, classes);
    const { status, output } = await pipeline(folder, "all", "--data", data, ...flags, "--unfreeze", "2");
    expect({ status, output }).toMatchObject({ status: 0 });
  });

  test("model.onnx gives what train measured, and features.arrow what the tuned network makes", async () => {
    const { accuracy, loss } = await modelAnswers(root, classes);
    const { facts } = (await currentResult(root, "train")).manifest;
    expect(facts).toMatchObject({ accuracy, blocks: ["block14", "block15", "head"] });
    expect(Math.abs(loss - Number(facts["loss"]))).toBeLessThan(1e-4);
  });

  test("the exported map is the tuned network's, and pools to the exported features", async () => {
    const pooled = await readNpyRows(path.join(root, "features.npy"), 0, 5);
    expect((await pipeline(folder, "export", "--features", "spatial")).status).toBe(0);
    const maps = await readNpyRows(path.join(root, "features.npy"), 0, 5);
    expect(maps.shape).toEqual([90, 1280, 7, 7]);
    const means = Array.from({ length: 5 * 1280 }, (_, i) => {
      const map = Array.from(maps.rows.subarray(49 * i, 49 * (i + 1)), Number);
      return map.reduce((sum, value) => sum + value, 0) / 49;
    });
    const worst = Math.max(...means.map((mean, i) => Math.abs(mean - Number(pooled.rows[i]))));
    expect(worst / Math.max(...means)).toBeLessThan(1e-5);
    expect((await pipeline(folder, "export")).status).toBe(0);
  });

  test("train alone with fewer blocks goes on from the map that is there, and more blocks are refused", async () => {
    const fewer = await pipeline(folder, "train", "--unfreeze", "1", "--epochs", "2");
    expect(fewer).toMatchObject({ status: 0, output: expect.stringContaining("up to block14") as string });
    expect((await currentResult(root, "train")).manifest.facts["blocks"]).toEqual(["block15", "head"]);
    const more = await pipeline(folder, "train", "--unfreeze", "3");
    expect(more).toMatchObject({
      status: 2,
      output: expect.stringMatching(
        /expected what embed ran with \("2"\) for "--unfreeze" but got "3"/,
      ) as string,
    });
    const again = await pipeline(folder, "all", ...flags, "--unfreeze", "1", "--epochs", "2");
    expect(again.output).toMatch(/embed: \w+ is there, nothing to do/);
  });

  test("memory stays the same from step to step: twelve times the steps take no more of it", async () => {
    const peak = async (epochs: string) => {
      expect(
        (await pipeline(folder, "train", "--unfreeze", "2", "--epochs", epochs, "--batch", "8")).status,
      ).toBe(0);
      const train = await currentResult(root, "train");
      const run = JSON.parse(readFileSync(train.file("run.json"), "utf8")) as { peakMemoryMiB: number };
      return run.peakMemoryMiB;
    };
    const [short, long] = [await peak("2"), await peak("24")];
    // When V8 collects shifts a peak by some percent; 220 steps that each kept a batch's maps would add a fifth, its gradients far more.
    expect(long / short).toBeLessThan(1.12);
  });

  test("one thread or two: the same bytes", async () => {
    const bytes = [];
    for (const workers of ["1", "2"]) {
      const place = temporaryFolder();
      const args = ["all", "--data", path.join(folder, "clothes"), ...flags, "--unfreeze", "2"];
      expect((await pipeline(place, ...args, "--workers", workers)).status).toBe(0);
      bytes.push(shownFiles(place));
    }
    expect(bytes[1]).toEqual(bytes[0]);
  });

  test("kill -9 in the midst of a training, then all again: it goes on after the last epoch, to the same bytes", async () => {
    const args = [
      "all",
      "--data",
      path.join(folder, "clothes"),
      ...flags,
      "--unfreeze",
      "2",
      "--epochs",
      "6",
    ];
    const [undisturbed, disturbed] = [temporaryFolder(), temporaryFolder()];
    expect((await pipeline(undisturbed, ...args)).status).toBe(0);
    const { process: running, outcome, seen } = startPipeline(disturbed, ...args);
    while (!seen().includes("epoch 3/6")) await sleep(20);
    if (running.pid === undefined) throw new Error("not started");
    process.kill(-running.pid, "SIGKILL");
    await outcome;
    const { output } = await pipeline(disturbed, ...args);
    expect(output).toMatch(/goes on after epoch [2345]/);
    expect(shownFiles(disturbed)).toEqual(shownFiles(undisturbed));
  });
});

describe.skipIf(!hasSharedPhotos)("a whole network, tuned from the pixels", () => {
  test("a small ResNet's loss falls, embed keeps nothing, and its file gives what was measured", async () => {
    const folder = temporaryFolder();
    const data = fewClothes(path.join(folder, "clothes"), 40, classes);
    const args = [
      "--backbone",
      smallResNet,
      "--input-size",
      "32",
      "--unfreeze",
      "all",
      "--epochs",
      "6",
      "--lr",
      "0.01",
    ];
    const { status, output } = await pipeline(folder, "all", "--data", data, ...args, "--batch", "16");
    expect({ status, output }).toMatchObject({ status: 0 });
    const root = path.join(folder, "artifacts");
    expect((await currentResult(root, "embed")).manifest.shards).toEqual([]);
    const losses = readFileSync(path.join(root, "metrics.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { trainLoss: number }).trainLoss);
    expect(losses).toHaveLength(6);
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? NaN);
  });
});
