import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { cleanViews } from "../../shared/arrow/clean-views.ts";
import { readNpyRows } from "../../shared/arrow/npy.ts";
import { readIndexedPhotos } from "../../shared/photos.ts";
import { persistentFolder } from "../folder.ts";
import { conv, network, weight } from "../shared/backbone/networks.ts";
import { withExternalData } from "../shared/onnx/external.ts";
import { currentResult, pipeline } from "./command-line.ts";
import { modelAnswers } from "./model-answers.ts";

const side = 32;
const graph = network([conv(5), ["Relu"], ["GlobalAveragePool"], ["Flatten"], ["Gemm", [weight(5, 10)]]], {
  inputs: [{ name: "x", type: "float32", dims: ["batch_size", "num_channels", "height", "width"] }],
  outputs: ["logits", "t3"].map((name) => ({ name, type: "float32", dims: [] })),
});
const colours = { blue: { r: 40, g: 40, b: 200 }, red: { r: 200, g: 40, b: 40 } };

/**
 * A network as torch.onnx.export and Optimum write it: its weights in another file, its axes named,
 * its pixels told of beside it.
 */
describe("a network whose weights and preprocessing lie beside it", () => {
  const folder = persistentFolder();
  const [data, root] = [path.join(folder, "photos"), path.join(folder, "artifacts")];
  const backbone = path.join(folder, "networks/network.onnx");
  const weights = `${backbone}.data`;
  const split = withExternalData(graph, path.basename(weights));
  const all = (...more: string[]) =>
    pipeline(
      ...[folder, "all", "--data", data, "--backbone", backbone, "--input-size", String(side)],
      ...["--epochs", "3", "--lr", "0.05", ...more],
    );

  beforeAll(async () => {
    for (const [label, background] of Object.entries(colours)) {
      mkdirSync(path.join(data, label), { recursive: true });
      for (let i = 0; i < 12; i++)
        await sharp({ create: { width: 40 + i, height: 40, channels: 3, background } })
          .jpeg()
          .toFile(path.join(data, label, `${i}.jpg`));
    }
    mkdirSync(path.dirname(backbone));
    writeFileSync(backbone, split.model);
    writeFileSync(weights, split.data);
    const half = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
    writeFileSync(path.join(folder, "networks/preprocessor_config.json"), JSON.stringify(half));
    const { status, output } = await all();
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(output).toMatch(/embed: pixels enter network as .*127\.5.*preprocessor_config\.json/);
  });

  test("gives the features that onnxruntime finds in its own two files", async () => {
    const session = await InferenceSession.create(backbone);
    const photos = await readIndexedPhotos(await currentResult(root, "index"));
    let checked = 0;
    for await (const { photos: names, rows } of cleanViews(await currentResult(root, "augment")))
      for (const [i, name] of names.entries()) {
        const pixels = rows.subarray(i * side * side * 3, (i + 1) * side * side * 3);
        const planes = new Float32Array(pixels.length);
        for (let j = 0; j < pixels.length; j++)
          planes[(j % 3) * side * side + Math.floor(j / 3)] = (Number(pixels[j]) - 127.5) / 127.5;
        const { t3 } = await session.run({ x: new Tensor("float32", planes, [1, 3, side, side]) });
        const row = photos.sha256s.indexOf(name);
        const { rows: features } = await readNpyRows(path.join(root, "features.npy"), row, 1);
        for (const [j, value] of (t3?.data as Float32Array).entries())
          expect(Number(features[j])).toBeCloseTo(value, 4);
        checked++;
      }
    await session.release();
    expect(checked).toBe(24);
  });

  test("becomes a model.onnx of one file, which answers as features.arrow says", async () => {
    expect(await modelAnswers(root, Object.keys(colours))).toMatchObject({ checked: 24 });
  });

  test("is told of in the manifest and in the report", async () => {
    const halves = [127.5, 127.5, 127.5];
    expect((await currentResult(root, "embed")).manifest.facts["normalisation"]).toEqual({
      ...{ mean: halves, std: halves, source: "preprocessor_config.json" },
    });
    const page = readFileSync(path.join(root, "report.html"), "utf8");
    expect(page).toMatch(/<dt>Pixels<\/dt>\s*<dd>[^<]*127\.5[^<]*preprocessor_config\.json/);
  });

  test("can be trained through, its weights inside the model", async () => {
    const { status, output } = await all("--unfreeze", "all", "--run", "tuned");
    expect({ status, output }).toMatchObject({ status: 0 });
    const session = await InferenceSession.create(path.join(root, "runs/tuned/model.onnx"));
    expect(session.outputNames).toEqual(["probabilities"]);
    await session.release();
  });

  test("has its weights and its preprocessing in its key, and a flag goes before the latter", async () => {
    const dry = async (...more: string[]) => (await all("--dry-run", ...more)).output;
    expect(await dry()).not.toContain("backbone changed");
    expect(await dry("--normalisation", "imagenet")).toContain("normalisation: unset → imagenet");
    writeFileSync(weights, split.data.with(0, (split.data[0] ?? 0) ^ 1));
    expect(await dry()).toContain("backbone changed");
    const alone = await pipeline(folder, "train");
    expect(alone).toMatchObject({ status: 4 });
    expect(alone.output).toContain("embed made with the backbone as it is now");
    writeFileSync(weights, split.data);
  });

  test("is refused before any work where its weights are gone", async () => {
    rmSync(weights);
    const { status, output } = await all("--run", "fresh");
    expect(status).toBe(2);
    expect(output).toMatch(/network\.onnx\.data" but got no such file/);
    expect(output).not.toContain("augment:");
  });
});
