import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, test } from "vitest";
import { PipelineError, Predictor, run } from "../../api.ts";
import { openArrowFile } from "../../shared/arrow/file.ts";
import { persistentFolder } from "../folder.ts";
import { fewDogs, hasSharedPhotos, pipeline, startPipeline, startScript } from "./command-line.ts";

const breeds = ["afghan_hound", "entlebucher", "maltese_dog", "scottish_deerhound"];

type Row = Readonly<Record<string, string>>;

function rowsOf(text: string): Row[] {
  return parse(text, { columns: true });
}

/** What export wrote of each photo, by its id. */
async function exportedAnswers(
  artifacts: string,
): Promise<Map<string, { label: string; probability: number }>> {
  const table = await openArrowFile(path.join(artifacts, "features.arrow"));
  const answers = new Map<string, { label: string; probability: number }>();
  for (let i = 0; i < table.batches; i++)
    for (const { id, prediction, probability } of await table.batch(i))
      answers.set(String(id), { label: String(prediction), probability: Number(probability) });
  await table.close();
  return answers;
}

/** Waits until somebody reads a named pipe, and returns its other end. */
async function whileSomebodyReads(pipe: string): Promise<number> {
  for (;;)
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      await sleep(50); // nobody does yet (ENXIO)
    }
}

function existsProcess(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

describe.skipIf(!hasSharedPhotos)("predict on real dogs", () => {
  const folder = persistentFolder();
  const [data, artifacts] = [path.join(folder, "dogs"), path.join(folder, "artifacts")];
  let tested = new Map<string, string>();

  beforeAll(async () => {
    tested = fewDogs(data, 160, 40);
    // Another resize than the network's own: the model's file has to say so.
    const lines: string[] = [];
    const { train } = await run(
      "all",
      { data, epochs: 3, resize: 256 },
      { artifacts, onProgress: (line) => lines.push(line) },
    );
    expect(train).toMatchObject({ stage: "train", state: "made", facts: { classes: 4 } });
    expect(lines).toContainEqual(expect.stringMatching(/^train: epoch 3\/3: /));
    expect(lines).toContainEqual(expect.stringMatching(/^index: /));
  });

  test("the answers for the unlabelled photos are those that export wrote", async () => {
    const { status, output } = await pipeline(folder, "predict", "--out", "answers.csv");
    expect({ status, output }).toMatchObject({ status: 0 });
    const rows = rowsOf(readFileSync(path.join(folder, "answers.csv"), "utf8"));
    const exported = await exportedAnswers(artifacts);
    expect(rows.map(({ id }) => id).sort()).toEqual([...tested.keys()].sort());
    for (const { id = "", label, probability } of rows) {
      expect(label).toBe(exported.get(id)?.label);
      expect(Math.abs(Number(probability) - (exported.get(id)?.probability ?? NaN))).toBeLessThan(1e-5);
    }
    const right = rows.filter(({ id = "", label }) => label === tested.get(id)).length;
    expect(right / rows.length).toBeGreaterThan(0.7);
  });

  test("a photo that cannot be read is listed with its error, and the others are answered", async () => {
    const [whole = "", other = ""] = readdirSync(path.join(data, "test"));
    const bytes = readFileSync(path.join(data, "test", whole));
    const truncated = path.join(folder, "truncated.jpg");
    writeFileSync(truncated, bytes.subarray(0, bytes.length / 2));
    const named = [path.join(data, "test", other), truncated];
    const asked = ["predict", ...named, "--out", "two.csv", "--top", "2", "--quiet"];
    const { status, output } = await pipeline(folder, ...asked);
    expect(status).toBe(0);
    expect(output).toMatch(
      /predict: 1 of 2 photos could not be read; they are listed with an error and no label\n/,
    );
    const [good, bad] = rowsOf(readFileSync(path.join(folder, "two.csv"), "utf8"));
    expect(Object.keys(good ?? {})).toEqual([
      "id",
      "label",
      "probability",
      "label_2",
      "probability_2",
      "error",
    ]);
    expect(good).toMatchObject({ id: named[0], error: "" });
    expect(bad).toMatchObject({ id: truncated, label: "", probability: "" });
    expect(bad?.["error"]).not.toBe("");

    const none = await pipeline(folder, "predict", truncated);
    expect(none).toMatchObject({ status: 3 });
    expect(none.output).toContain("expected photos but none of 1 could be read");
  });

  test("a photo that brings the decoder down is named, and the others are answered", async () => {
    const [first = "", last = ""] = readdirSync(path.join(data, "test"));
    const photos = [first, last].map((name) => path.join(data, "test", name));
    // Whoever reads a pipe that nobody writes to is at it until somebody kills it.
    const endless = path.join(folder, "endless.jpg");
    execFileSync("mkfifo", [endless]);
    const asked = [photos[0] ?? "", endless, photos[1] ?? "", "--out", "three.csv", "--top", "1"];
    const { process: started, outcome } = startPipeline(folder, "predict", ...asked);
    // Once beside the others, once by itself.
    for (let times = 0; times < 2; times++) {
      const writing = await whileSomebodyReads(endless);
      const found = execFileSync("pgrep", ["-P", String(started.pid), "-f", "pixels-child"]);
      const id = Number(found.toString());
      process.kill(id, "SIGKILL");
      await expect.poll(() => existsProcess(id), { timeout: 20_000 }).toBe(false);
      closeSync(writing);
    }
    expect(await outcome).toMatchObject({ status: 0 });
    const rows = rowsOf(readFileSync(path.join(folder, "three.csv"), "utf8"));
    expect(rows.map(({ id }) => id)).toEqual([photos[0], endless, photos[1]]);
    expect(rows.map(({ error }) => error)).toEqual(["", "it brings the decoder down: SIGKILL", ""]);
    expect(breeds).toContain(rows[2]?.["label"]);
  });

  test("--format kaggle has the classes in sorted order, and a sample submission's columns and rows in its own", async () => {
    const plain = await pipeline(
      folder,
      "predict",
      "--format",
      "kaggle",
      "--out",
      "kaggle.csv",
      "--tta",
      "flip",
    );
    expect(plain.status).toBe(0);
    const text = readFileSync(path.join(folder, "kaggle.csv"), "utf8");
    expect(text.split("\n")[0]).toBe(["id", ...breeds].join(","));
    const rows = rowsOf(text);
    expect(rows).toHaveLength(tested.size);
    for (const row of rows)
      expect(Math.abs(breeds.reduce((sum, breed) => sum + Number(row[breed]), 0) - 1)).toBeLessThan(1e-6);

    const ids = [...tested.keys()].sort().reverse();
    const columns = ["id", ...[...breeds].reverse()];
    const sample = [columns.join(","), ...ids.map((id) => `${id},0.25,0.25,0.25,0.25`)].join("\n");
    writeFileSync(path.join(folder, "sample_submission.csv"), sample);
    const flags = [
      "--sample-submission",
      "sample_submission.csv",
      "--photos",
      path.join(data, "test"),
      "--tta",
      "flip",
    ];
    const ordered = await pipeline(folder, "predict", ...flags, "--out", "ordered.csv");
    expect(ordered).toMatchObject({ status: 0 });
    const inOrder = readFileSync(path.join(folder, "ordered.csv"), "utf8");
    expect(inOrder.split("\n")[0]).toBe(columns.join(","));
    expect(rowsOf(inOrder)).toEqual(ids.map((id) => rows.find((row) => row["id"] === id)));
  });

  test("--json has the same answers for machines", async () => {
    const photo = path.join(data, "test", readdirSync(path.join(data, "test"))[0] ?? "");
    const { output } = await pipeline(folder, "predict", photo, "--json", "--quiet");
    const predictor = await Predictor.load(path.join(artifacts, "model.onnx"));
    const { label, probability } = await predictor.predict(readFileSync(photo));
    await predictor.close();
    expect(JSON.parse(output)).toMatchObject({
      photos: 1,
      unreadable: [],
      answers: [{ id: photo, label, probability }],
    });
  });

  test("one stage at a time through the library: what is wrong is a PipelineError", async () => {
    const trained = await run("train", { epochs: 2 }, { artifacts });
    expect(trained).toMatchObject({ stage: "train", state: "made" });
    await expect(run("export", { lr: 1 }, { artifacts })).rejects.toThrow(PipelineError);
    await expect(run("train", { epochs: 0 }, { artifacts })).rejects.toThrow(
      /for "config: epochs" but got 0/,
    );
    const stopped = AbortSignal.abort();
    await expect(run("train", { epochs: 4 }, { artifacts, signal: stopped })).rejects.toMatchObject({
      code: "interrupted",
    });
  });

  test("the examples do what they say", async () => {
    const photo = path.join(data, "test", `${[...tested.keys()][0] ?? ""}.jpg`);
    const model = path.join(artifacts, "model.onnx");
    const predicted = await startScript("examples/predict.ts", folder, [model, photo, "answers.csv"]).outcome;
    expect(predicted).toMatchObject({ status: 0 });
    expect(predicted.output).toMatch(
      /\.jpg: \w+ \d+\.\d %, \w+ \d+\.\d %, \w+ \d+\.\d %\nanswers\.csv: .*not read: /,
    );

    const trained = await startScript("examples/train-and-predict.ts", folder, [data, photo]).outcome;
    expect(trained).toMatchObject({ status: 0 });
    expect(trained.output).toMatch(/validation accuracy: \d+\.\d %\n.*\.jpg: \w+, \d+\.\d %\n$/);
    const refused = await startScript("examples/train-and-predict.ts", folder, ["nowhere", photo]).outcome;
    expect(refused.status).toBe(3);
    expect(refused.output).not.toMatch(/^ +at /m);
  });
});
