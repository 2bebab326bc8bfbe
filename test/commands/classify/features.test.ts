import { Field, Float32, Schema, Utf8 } from "apache-arrow";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readFeatureFile } from "../../../commands/classify/features.ts";
import { float32Column, recordBatch, utf8Column, words } from "../../../shared/arrow/columns.ts";
import { createArrowFile } from "../../../shared/arrow/file.ts";
import { tensorColumn, tensorField } from "../../../shared/arrow/tensor.ts";
import { temporaryFolder } from "../../folder.ts";

/** A feature file of two batches, maps of 1 × 2 for features. */
function featureFile(ids: readonly string[], features: readonly number[]): string {
  const file = path.join(temporaryFolder(), "features.arrow");
  const labels = words(0, ["cat", "dog"]);
  const splits = words(1, ["train", "validation", "test"]);
  const tensor = tensorField("features", [1, 2], "float32");
  const schema = new Schema([
    new Field("id", new Utf8()),
    labels.field("label"),
    splits.field("split"),
    tensor,
    labels.field("prediction"),
    new Field("probability", new Float32()),
  ]);
  const arrow = createArrowFile(file, schema);
  for (const [first, end] of [
    [0, 2],
    [2, 3],
  ] as const) {
    const some = <Item>(all: readonly Item[]) => all.slice(first, end);
    arrow.append(
      recordBatch(schema, [
        utf8Column(some(ids)),
        labels.column(Int32Array.from(some([0, 1, -1]))),
        splits.column(Int32Array.from(some([0, 1, -1]))),
        tensorColumn(tensor, Float32Array.from(features.slice(2 * first, 2 * end)), end - first),
        labels.column(Int32Array.from(some([1, 1, 0]))),
        float32Column(new Float32Array(end - first)),
      ]),
    );
  }
  arrow.finish();
  return file;
}

describe("readFeatureFile", () => {
  it("reads all batches, a map as a row of its numbers", async () => {
    const file = featureFile(["a", "b", "c"], [1, 2, 3, 4, 5, 6]);
    expect(await readFeatureFile(file)).toEqual({
      path: file,
      ids: ["a", "b", "c"],
      labels: ["cat", "dog", null],
      splits: ["train", "validation", null],
      predictions: ["dog", "dog", "cat"],
      features: { rows: 3, columns: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    });
  });

  it("reads a file without predictions, as a run of photos without labels writes", async () => {
    const file = path.join(temporaryFolder(), "features.arrow");
    const [none, tensor] = [words(0, []), tensorField("features", [2], "float32")];
    const schema = new Schema([
      new Field("id", new Utf8()),
      none.field("label"),
      words(1, ["train"]).field("split"),
      tensor,
    ]);
    const arrow = createArrowFile(file, schema);
    const unset = Int32Array.of(-1);
    arrow.append(
      recordBatch(schema, [
        utf8Column(["a"]),
        none.column(unset),
        words(1, ["train"]).column(unset),
        tensorColumn(tensor, Float32Array.of(1, 2), 1),
      ]),
    );
    arrow.finish();
    expect(await readFeatureFile(file)).toMatchObject({
      labels: [null],
      splits: [null],
      predictions: [null],
    });
  });

  it("refuses features that are not finite, and says whose", async () => {
    const file = featureFile(["a", "b", "c"], [1, 2, 3, NaN, 5, 6]);
    await expect(readFeatureFile(file)).rejects.toThrow(
      /finite features.* but got NaN in the features of "b"/,
    );
  });

  it("refuses an id that is there twice", async () => {
    const file = featureFile(["a", "b", "a"], [1, 2, 3, 4, 5, 6]);
    await expect(readFeatureFile(file)).rejects.toThrow(/each id once .* but got the id "a" twice/);
  });

  it("refuses a file without its columns, and names them", async () => {
    const file = path.join(temporaryFolder(), "other.arrow");
    const schema = new Schema([new Field("id", new Utf8())]);
    const arrow = createArrowFile(file, schema);
    arrow.append(recordBatch(schema, [utf8Column(["a"])]));
    arrow.finish();
    await expect(readFeatureFile(file)).rejects.toThrow(/but got none named label, split, features/);
  });

  it("says what makes a file that is not there", async () => {
    await expect(readFeatureFile("nowhere.arrow")).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/"nowhere.arrow" but got none\n {2}npx zx pipeline\.ts all/) as string,
    });
  });

  it("refuses what is no Arrow file", async () => {
    const file = path.join(temporaryFolder(), "features.arrow");
    writeFileSync(file, "id,label\n");
    await expect(readFeatureFile(file)).rejects.toMatchObject({ code: "artifact" });
  });
});
