import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { readNpyRows } from "../../shared/arrow/npy.ts";
import { randomFor } from "../../shared/random.ts";
import { persistentFolder } from "../folder.ts";
import { hasChromium, openWatched, startChromium } from "./chromium.ts";
import { currentResult, pipeline } from "./command-line.ts";
import { hasPython, python } from "./python.ts";

const readers = hasPython("duckdb", "numpy", "polars", "pyarrow");

/** How many photos there are; one more has the bytes of the first. */
const count = 12;
const names = Array.from({ length: count }, (_, i) => `${i}.jpg`);

/** Photos of blurred noise, each another one. */
async function makePhotos(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const noise = randomFor("photos", 1);
  for (const [i, name] of names.entries()) {
    const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, () => Math.floor(256 * noise()));
    await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } })
      .resize(60 + i, 50, { kernel: "cubic", fit: "fill" })
      .jpeg()
      .toFile(path.join(folder, name));
  }
  writeFileSync(path.join(folder, "copy.jpg"), readFileSync(path.join(folder, "0.jpg")));
}

describe("a folder of photos without labels", () => {
  const folder = persistentFolder();
  const root = path.join(folder, "artifacts");
  const shown = (name: string) => existsSync(path.join(root, name));
  const figuresOf = async (stage: string) =>
    JSON.parse(readFileSync((await currentResult(root, stage)).file("run.json"), "utf8")) as unknown;
  const vectors = async () => (await readNpyRows(path.join(root, "features.npy"), 0, count + 1)).rows;
  let features: Awaited<ReturnType<typeof vectors>>;

  beforeAll(async () => {
    await makePhotos(path.join(folder, "photos"));
    const { status, output } = await pipeline(folder, "all", "--data", "photos", "--lr", "0.1");
    expect(status, output).toBe(0);
    expect(output).toMatch(/train: left out, since no photo has a label; labels come from/);
    expect(output).toContain("--lr changes nothing, as train is left out");
    features = await vectors();
  });

  it("is first understood by init, which says what all gives and what gives labels", async () => {
    const { status, output } = await pipeline(folder, "init", "--data", "photos");
    expect(status, output).toBe(0);
    expect(output).toMatch(/photos +13, none of them with a label/);
    expect(output).toMatch(/labels +none: .* into a folder of its name, or list them in a CSV file/);
    expect(output).toMatch(/gives +features.arrow and features.npy of every photo/);
    renameSync(path.join(folder, "pipeline.config.ts"), path.join(folder, "written.ts"));
  });

  it("gives features of every photo, and nothing of a classifier", async () => {
    expect(["features.arrow", "features.npy", "labels.npy", "ids.json", "report.html"].map(shown)).toEqual(
      Array(5).fill(true),
    );
    expect(["model.onnx", "metrics.jsonl", "probabilities.npy", "label-errors.csv"].map(shown)).toEqual(
      Array(4).fill(false),
    );
    expect(JSON.parse(readFileSync(path.join(root, "ids.json"), "utf8"))).toHaveLength(count + 1);
    expect((await readNpyRows(path.join(root, "features.npy"), 0, 1)).shape).toEqual([count + 1, 1280]);
    expect(features.every((value) => Number.isFinite(value))).toBe(true);
    expect(features.some((value) => value > 0)).toBe(true);
  });

  it.skipIf(!readers)("is opened by pyarrow, polars, DuckDB and NumPy", () => {
    const program = `
import duckdb, json, numpy, polars, pyarrow as pa, sys
folder = sys.argv[1]
table = pa.ipc.open_file(folder + "/features.arrow").read_all()
table.validate(full=True)
frame = polars.read_ipc(folder + "/features.arrow")
tensors = table["features"].combine_chunks()
flat = table.set_column(table.schema.get_field_index("features"), "features", tensors.storage)
print(json.dumps(dict(
    columns=table.column_names,
    labels=[table["label"].null_count, frame["label"].null_count(), frame["split"].null_count()],
    npy=numpy.load(folder + "/labels.npy").tolist(),
    same=numpy.array_equal(tensors.to_numpy_ndarray(), numpy.load(folder + "/features.npy")),
    duckdb=duckdb.sql("select count(*), count(label), max(len(features)) from flat").fetchall())))`;
    const all = count + 1;
    expect(JSON.parse(python("-c", program, root))).toEqual({
      columns: ["id", "path", "label", "split", "features"],
      labels: [all, all, all],
      npy: Array(all).fill(-1),
      same: true,
      duckdb: [[all, 0, 1280]],
    });
  });

  it("is said to have no labels by status, train, classify and predict", async () => {
    const status = await pipeline(folder, "status");
    expect(status.output).toMatch(/train +│ left out .*no photo has a label/);
    const trained = await pipeline(folder, "train");
    expect(trained.status).toBe(3);
    expect(trained.output).toMatch(
      /expected labelled photos .* but got 13 photos, none of them with a label/,
    );
    const classified = await pipeline(folder, "classify");
    expect(classified.status).toBe(3);
    expect(classified.output).toContain("no labelled photo");
    const predicted = await pipeline(folder, "predict", "--photos", "photos");
    expect(predicted.status).toBe(4);
    expect(predicted.output).toContain("photos with labels");
    expect((await pipeline(folder, "runs")).output).toMatch(/default .* 13 +│ efficientnet-lite0/);
  });

  it.skipIf(!hasChromium)(
    "has a report of the photos, their map and their copies, and of no score",
    async () => {
      const browser = await startChromium();
      const file = path.join(root, "report.html");
      const { page, complaints, requests } = await openWatched(browser, file, { width: 390 });
      expect(await page.locator("h1").innerText()).toBe("13 photos, without labels");
      const sections = await page.locator("main section h2").allInnerTexts();
      expect(sections).toEqual([
        ...["The photos", "Map of the features", "Near-duplicates", "Set aside", "What was run"],
      ]);
      expect(await page.locator("#photos").innerText()).toContain("71 × 50");
      expect(await page.locator("#photos img").count()).toBe(count + 1);
      expect(await page.locator("#near-duplicates .pairs > li").count()).toBe(1);
      await page.locator(".map svg").focus();
      await page.keyboard.press("ArrowRight");
      expect(await page.locator(".map .tip").innerText()).toContain(".jpg");
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
      expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
      await browser.close();
    },
  );

  it("has its features used again by a table of labels: no photo is decoded to a clean view or embedded twice", async () => {
    const lines = names.map((name, i) => `photos/${name},${i % 2 === 0 ? "even" : "odd"}`);
    writeFileSync(path.join(folder, "labels.csv"), ["path,label", ...lines].join("\n"));
    const { status, output } = await pipeline(folder, "all", "--data", "labels.csv", "--epochs", "1");
    expect(status, output).toBe(0);
    // One random view of each photo is new, as it is only of use to a training.
    expect(await figuresOf("augment")).toMatchObject({ warped: count, copied: count });
    expect(await figuresOf("embed")).toMatchObject({ computed: count, copied: count });
    expect(["model.onnx", "probabilities.npy", "label-errors.csv"].map(shown)).toEqual(Array(3).fill(true));
    // Of the folder and of the table the first row is the same photo.
    const { rows } = await readNpyRows(path.join(root, "features.npy"), 0, 1);
    expect(vectorOf(rows, 0)).toEqual(vectorOf(features, 0));
  });

  it("leaves no model behind where labels are passed over again, and makes nothing anew", async () => {
    const { status, output } = await pipeline(folder, "all", "--data", "labels.csv", "--labels", "none");
    expect(status, output).toBe(0);
    expect(output).toMatch(/augment: \w+ is there, nothing to do/);
    expect(output).toMatch(/embed: \w+ is there, nothing to do/);
    for (const place of ["", "runs/default/"])
      expect(
        ["model.onnx", "metrics.jsonl", "probabilities.npy", "label-errors.csv"].map((name) =>
          shown(place + name),
        ),
      ).toEqual(Array(4).fill(false));
    expect(output).not.toContain("model.onnx");
    const garbage = await pipeline(folder, "gc");
    expect(garbage.output).toMatch(/ {2}train\/[0-9a-f]{64} /);
  });

  it("gives other nodes, and features from what embed kept of another boundary", async () => {
    const spatial = await pipeline(folder, "export", "--features", "spatial");
    expect(spatial.status, spatial.output).toBe(0);
    expect((await readNpyRows(path.join(root, "features.npy"), 0, 1)).shape).toEqual([count, 1280, 7, 7]);
    const flags = ["--data", "labels.csv", "--labels", "none", "--unfreeze", "2"];
    const maps = await pipeline(folder, "all", ...flags);
    expect(maps.status, maps.output).toBe(0);
    const { rows, shape } = await readNpyRows(path.join(root, "features.npy"), 0, count);
    expect(shape).toEqual([count, 1280]);
    const difference = Math.max(
      ...vectorOf(rows, 0).map((value, i) => Math.abs(value - Number(features[i]))),
    );
    expect(difference).toBeLessThan(1e-3);
  });
});

/** The features of a row, as numbers. */
function vectorOf(rows: ArrayLike<number | bigint>, row: number): number[] {
  return Array.from({ length: 1280 }, (_, i) => Number(rows[row * 1280 + i]));
}
