import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { cleanViews } from "../../shared/arrow/clean-views.ts";
import { readNpyRows } from "../../shared/arrow/npy.ts";
import { parseModel } from "../../shared/onnx/file.ts";
import { readIndexedPhotos, rowsBySha256 } from "../../shared/photos.ts";
import type { Calibration } from "../../stages/train/calibrate.ts";
import { persistentFolder, temporaryFolder } from "../folder.ts";
import {
  currentResult,
  fewClothes,
  hasSharedPhotos,
  pipeline,
  shownFiles,
  startPipeline,
} from "./command-line.ts";
import { modelAnswers } from "./model-answers.ts";
import { hasPython, python } from "./python.ts";

const readers = hasPython("numpy", "pyarrow", "sklearn");
const classes = ["dress", "hat", "shoes"];

describe.skipIf(!hasSharedPhotos)("a training's calibration, on real photos", () => {
  const folder = persistentFolder();
  const root = path.join(folder, "artifacts");
  const calibration = async () => {
    const train = await currentResult(root, "train");
    return JSON.parse(readFileSync(train.file("calibration.json"), "utf8")) as Calibration;
  };

  beforeAll(async () => {
    const data = fewClothes(path.join(folder, "clothes"), 60, classes);
    const { status, output } = await pipeline(folder, "all", "--data", data);
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(output).toMatch(/train: temperature [\d.]+ from 162 training photos, each by a head/);
  });

  test("probabilities.npy is what model.onnx gives, every row sums to 1, and the file says its temperature", async () => {
    const photos = await readIndexedPhotos(await currentResult(root, "index"));
    const rowsOf = rowsBySha256(photos);
    const { rows: exported, shape } = await readNpyRows(
      path.join(root, "probabilities.npy"),
      0,
      photos.count,
    );
    expect(shape).toEqual([180, 3]);
    const bytes = readFileSync(path.join(root, "model.onnx"));
    const model = await InferenceSession.create(bytes);
    let [worst, checked] = [0, 0];
    for await (const { photos: names, rows, shape: one } of cleanViews(
      await currentResult(root, "augment"),
    )) {
      const image = new Tensor("uint8", rows as Uint8Array, [names.length, ...one]);
      const answer = (await model.run({ image }))["probabilities"]?.data as Float32Array;
      for (const [i, sha256] of names.entries())
        for (const row of rowsOf.get(sha256) ?? []) {
          const [own, stated] = [answer.subarray(3 * i, 3 * i + 3), exported.subarray(3 * row, 3 * row + 3)];
          expect(Array.from(stated, Number).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
          for (const [c, p] of own.entries()) worst = Math.max(worst, Math.abs(p - Number(stated[c])));
          checked++;
        }
    }
    await model.release();
    expect(checked).toBe(180);
    expect(worst).toBeLessThan(1e-4);
    const { temperature } = await calibration();
    expect(Number(parseModel(bytes).metadata["temperature"])).toBe(temperature);
    expect(temperature).not.toBe(1);
  });

  test.skipIf(!readers)(
    "pyarrow opens out-of-fold.arrow, and scikit-learn finds the losses there",
    async () => {
      const { before, after, temperature, photos } = await calibration();
      const table = (await currentResult(root, "train")).file("out-of-fold.arrow");
      const script = [
        "import json, sys, numpy as np, pyarrow as pa",
        "from sklearn.metrics import log_loss",
        "table = pa.ipc.open_file(sys.argv[1]).read_all()",
        "logits = table['logits'].combine_chunks().to_numpy_ndarray()",
        "labels = table['label'].to_numpy()",
        "def loss(t):",
        "    p = np.exp(logits.astype(float) / t); p /= p.sum(axis=1, keepdims=True)",
        "    return log_loss(labels, p, labels=range(logits.shape[1]))",
        "print(json.dumps({'columns': table.schema.names, 'rows': table.num_rows, 'folds': sorted(set(table['fold'].to_pylist())),",
        "  'accuracy': float((logits.argmax(axis=1) == labels).mean()), 'before': loss(1), 'after': loss(float(sys.argv[2]))}))",
      ].join("\n");
      expect(JSON.parse(python("-c", script, table, String(temperature)))).toEqual({
        columns: ["row", "id", "fold", "label", "logits"],
        ...{ rows: photos, folds: [0, 1, 2, 3, 4], accuracy: expect.any(Number) as number },
        ...{
          before: expect.closeTo(before.loss, 5) as number,
          after: expect.closeTo(after.loss, 5) as number,
        },
      });
      expect(after.loss).toBeLessThan(before.loss);
    },
  );

  test("with blocks unfrozen, a run that is killed in the second training goes on to the same bytes", async () => {
    const data = path.join(folder, "clothes");
    const args = ["all", "--data", data, "--unfreeze", "1", "--epochs", "2", "--batch", "16"];
    const [undisturbed, disturbed] = [temporaryFolder(), temporaryFolder()];
    const { output } = await pipeline(undisturbed, ...args);
    expect(output).toMatch(
      /train: temperature [\d.]+ from 33 training photos that a second training held out/,
    );
    const { process: running, outcome, seen } = startPipeline(disturbed, ...args);
    while (!seen().includes("for the temperature:")) await sleep(20);
    if (running.pid === undefined) throw new Error("not started");
    process.kill(-running.pid, "SIGKILL");
    await outcome;
    const again = await pipeline(disturbed, ...args);
    expect(again.output).toContain("goes on after epoch 2, which was kept");
    expect(again.output).toContain("for the temperature: the same training on 129 of the photos");
    expect(shownFiles(disturbed)).toEqual(shownFiles(undisturbed));
    const facts = (await currentResult(path.join(disturbed, "artifacts"), "train")).manifest.facts;
    const { loss } = await modelAnswers(path.join(disturbed, "artifacts"), classes);
    expect(Math.abs(loss - Number(facts["loss"]))).toBeLessThan(1e-4);
  });
});
