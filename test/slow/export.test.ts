import { readFileSync, writeFileSync, mkdirSync, cpSync, readdirSync } from "node:fs";
import path from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { cleanViews } from "../../shared/arrow/clean-views.ts";
import { readNpyRows } from "../../shared/arrow/npy.ts";
import { parseModel, serializeModel } from "../../shared/onnx/file.ts";
import { readIndexedPhotos } from "../../shared/photos.ts";
import { persistentFolder } from "../folder.ts";
import { modelAnswers } from "./model-answers.ts";
import { currentResult, fewClothes, hasSharedPhotos, pipeline } from "./command-line.ts";
import { hasPython, python } from "./python.ts";

const backbone = path.resolve(import.meta.dirname, "../../models/efficientnet-lite0.onnx");
const readers = hasPython("duckdb", "numpy", "polars", "pyarrow", "sklearn");
const classes = ["dress", "hat", "shoes"];

describe.skipIf(!hasSharedPhotos)("what a run exports", () => {
  const folder = persistentFolder();
  const root = path.join(folder, "artifacts");
  const current = (stage: string) => currentResult(root, stage);

  beforeAll(async () => {
    const data = path.join(folder, "clothes");
    fewClothes(path.join(data, "train"), 40, classes);
    // Other photos, as a labelled test part and an unlabelled one.
    fewClothes(path.join(folder, "more"), 50, classes);
    for (const name of classes) {
      mkdirSync(path.join(data, "test", name), { recursive: true });
      for (const photo of readdirSync(path.join(folder, "more", name)).slice(40))
        cpSync(path.join(folder, "more", name, photo), path.join(data, "test", name, photo));
    }
    const { status, output } = await pipeline(folder, "all", "--data", data);
    expect({ status, output }).toMatchObject({
      status: 0,
      output: expect.stringContaining("test part, scored once") as string,
    });
  });

  test.skipIf(!readers)(
    "pyarrow, polars, DuckDB, NumPy and scikit-learn open the files, and they agree",
    () => {
      const script = path.join(import.meta.dirname, "read_features.py");
      const seen = JSON.parse(python(script, root)) as Record<string, unknown>;
      expect(seen).toMatchObject({
        rows: 150,
        columns: ["id", "path", "label", "split", "features", "prediction", "probability"],
        splits: { train: 108, validation: 12, test: 30 },
        features: 1280,
        backbone: "efficientnet-lite0",
      });
      expect(seen["regression"]).toBeGreaterThan(0.8);
    },
  );

  test("model.onnx gives what train measured and what features.arrow says", async () => {
    const { checked, validated, accuracy } = await modelAnswers(root, classes);
    expect([checked, validated]).toEqual([150, 12]);
    expect(accuracy).toBe((await current("train")).manifest.facts["accuracy"]);
  });

  test("--features spatial is the network's own map, and the name of a node that node's output", async () => {
    const photos = await readIndexedPhotos(await current("index"));
    const { photos: names, rows, shape } = await firstOf(cleanViews(await current("augment")));
    const size = rows.length / names.length;
    const normalised = new Float32Array(size);
    const [side = 0] = shape;
    for (let i = 0; i < size; i++)
      normalised[(i % 3) * side * side + Math.floor(i / 3)] = ((rows[i] as number) - 127) / 128;

    for (const [features, expected] of [
      ["spatial", [1280, 7, 7]],
      ["pooled", [1280]],
    ] as const) {
      expect((await pipeline(folder, "export", "--features", features)).status).toBe(0);
      const row = photos.sha256s.indexOf(names[0] ?? "");
      const { rows: exported, shape: all } = await readNpyRows(path.join(root, "features.npy"), row, 1);
      expect(all).toEqual([150, ...expected]);
      const wanted = await mapOf(normalised, side, features);
      const largest = Math.max(...wanted.map(Math.abs));
      const error = Math.max(...wanted.map((value, i) => Math.abs(value - Number(exported[i]))));
      expect(error / largest).toBeLessThan(1e-4);
    }
    const unknown = await pipeline(folder, "export", "--features", "blok3");
    expect(unknown).toMatchObject({
      status: 2,
      output: expect.stringContaining("did you mean block3?") as string,
    });
  });

  test("a backbone given by its path counts by its bytes", async () => {
    const file = path.join(folder, "another.onnx");
    writeFileSync(file, readFileSync(backbone));
    const { status, output } = await pipeline(folder, "all", "--backbone", file);
    expect(status).toBe(0);
    // The same bytes under another name: nothing is computed again.
    expect(output).toMatch(/embed: \w+ is there, nothing to do/);
  });
});

async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item> {
  for await (const item of items) return item;
  throw new Error("nothing there");
}

/** A tensor of the backbone as it was published, without onnxruntime's optimisations: the network's own. */
async function mapOf(normalised: Float32Array, side: number, features: string): Promise<number[]> {
  const name = features === "spatial" ? "head" : "pooled";
  const outputs = [{ name, type: "float32" as const, dims: [] }];
  const graph = serializeModel({ ...parseModel(readFileSync(backbone)), outputs });
  const session = await InferenceSession.create(graph, { graphOptimizationLevel: "disabled" });
  const [input = ""] = session.inputNames;
  const results = await session.run({ [input]: new Tensor("float32", normalised, [1, 3, side, side]) });
  return [...(results[name]?.data as Float32Array)];
}
