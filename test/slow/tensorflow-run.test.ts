import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readNpyRows } from "../../shared/arrow/npy.ts";
import { persistentFolder, temporaryFolder } from "../folder.ts";
import { onTensorflow, tensorflowIsThere } from "../shared/engine/tensorflow/installed.ts";
import { currentResult, fewClothes, hasSharedPhotos, pipeline } from "./command-line.ts";

const smallResNet = path.resolve(import.meta.dirname, "../shared/training/golden/families/resnet.older.onnx");

/** Of a loss, as a share of it: some forty steps apart, in float32, in another order of summation. */
const tolerance = 1e-3;

const runs = describe.skipIf(!hasSharedPhotos || !tensorflowIsThere);

runs(`whole runs on ${onTensorflow}`, () => {
  const folder = persistentFolder();
  const data = () => fewClothes(path.join(folder, "clothes"), 40);
  const settings = ["--backbone", smallResNet, "--input-size", "32", "--views", "1", "--batch", "16"];

  /** A whole run on an engine; what it wrote. */
  const ran = async (engine: string, ...flags: string[]) => {
    const place = temporaryFolder();
    const on = ["--engine", engine, ...(engine === "tensorflow" ? ["--device", "cpu"] : [])];
    const { status, output } = await pipeline(place, "all", "--data", data(), ...settings, ...on, ...flags);
    expect({ status, output }).toMatchObject({ status: 0 });
    const root = path.join(place, "artifacts");
    const { facts } = (await currentResult(root, "train")).manifest;
    return { root, facts, losses: lossesIn(path.join(root, "metrics.jsonl")) };
  };

  test("a small ResNet tuned from the pixels goes down cpu's loss curve and is as accurate", async () => {
    const flags = ["--unfreeze", "all", "--epochs", "6", "--lr", "0.01"];
    const [cpu, tensorflow] = [await ran("cpu", ...flags), await ran("tensorflow", ...flags)];
    expect(cpu.losses).toHaveLength(6);
    expect(cpu.losses.at(-1)).toBeLessThan(cpu.losses[0] ?? NaN);
    expectClose(tensorflow.losses, cpu.losses);
    expectClose([tensorflow.facts["loss"]], [cpu.facts["loss"]]);
    expect(tensorflow.facts["accuracy"]).toBe(cpu.facts["accuracy"]);
  });

  test.each(["0", "1"])("with %s blocks unfrozen it trains, and exports, as cpu does", async (unfreeze) => {
    const flags = ["--unfreeze", unfreeze, "--epochs", "3"];
    const [cpu, tensorflow] = [await ran("cpu", ...flags), await ran("tensorflow", ...flags)];
    expectClose(tensorflow.losses, cpu.losses);
    expect(tensorflow.facts["accuracy"]).toBe(cpu.facts["accuracy"]);
    const [theirs, ours] = [await exported(cpu.root), await exported(tensorflow.root)];
    expect(ours).toHaveLength(theirs.length);
    const largest = Math.max(...theirs.map(Math.abs));
    const worst = Math.max(...theirs.map((value, i) => Math.abs((ours[i] ?? NaN) - value)));
    expect(worst / largest).toBeLessThan(tolerance);
  });
});

function lossesIn(metrics: string): number[] {
  const lines = readFileSync(metrics, "utf8").trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { trainLoss: number }).trainLoss);
}

function expectClose(values: readonly unknown[], expected: readonly unknown[]): void {
  expect(values).toHaveLength(expected.length);
  for (const [i, value] of values.entries())
    expect(Math.abs(Number(value) / Number(expected[i]) - 1), `value ${i}`).toBeLessThan(tolerance);
}

async function exported(root: string): Promise<number[]> {
  const { rows } = await readNpyRows(path.join(root, "features.npy"), 0, 120);
  return Array.from(rows, Number);
}
