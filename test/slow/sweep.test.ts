import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { persistentFolder } from "../folder.ts";
import { fewClothes, hasSharedPhotos, pipeline, startPipeline } from "./command-line.ts";

interface SweepJson {
  folds: number;
  cells: {
    settings: Record<string, unknown>;
    accuracy: { mean: number; deviation: number; values: number[] };
    results: string[];
  }[];
  failed: { settings: Record<string, unknown>; why: string }[];
  take: { settings: Record<string, unknown>; command: string };
}

describe.skipIf(!hasSharedPhotos)("many trainings on real clothes", () => {
  const folder = persistentFolder();
  const artifacts = path.join(folder, "artifacts");
  const quick = ["--epochs", "2", "--head-epochs", "1"];
  const sweep = [
    "train",
    "--sweep",
    "lr=1e-3..1e-2",
    "unfreeze=0,1",
    ...["--points", "2", "--folds", "2"],
    ...quick,
  ];
  const swept = () =>
    JSON.parse(readFileSync(path.join(artifacts, "runs/default/sweep.json"), "utf8")) as SweepJson;

  /** When each finished training was finished, by its key. */
  const trainings = () => {
    const keys = readdirSync(path.join(artifacts, "train"));
    const manifests = keys.map((key) => [key, path.join(artifacts, "train", key, "manifest.json")] as const);
    return new Map(
      manifests.filter(([, file]) => existsSync(file)).map(([key, file]) => [key, statSync(file).mtimeMs]),
    );
  };
  const refs = () => {
    const at = path.join(artifacts, "runs/default/refs");
    return readdirSync(at, { recursive: true, encoding: "utf8" })
      .map((name) => path.join(at, name))
      .filter((file) => statSync(file).isFile())
      .map((file) => [file, readFileSync(file, "utf8")]);
  };
  let standing: unknown;

  beforeAll(async () => {
    fewClothes(path.join(folder, "photos"), 16);
    const { status, output } = await pipeline(folder, "all", "--data", "photos", "--unfreeze", "1", ...quick);
    expect(output).toContain("export");
    expect(status).toBe(0);
    standing = refs();
  });

  test("a dry run says what would be trained, and trains nothing", async () => {
    const before = trainings();
    const { status, output } = await pipeline(folder, ...sweep, "--dry-run");
    expect(status).toBe(0);
    expect(output).toContain("4 combinations × 2 folds: 8 trainings, 0 of which are there; nothing was run");
    expect(trainings()).toEqual(before);
  });

  test("a killed sweep goes on where it was", async () => {
    const { process: sweeping, outcome } = startPipeline(folder, ...sweep);
    const before = trainings().size;
    while (trainings().size < before + 3) await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill(-(sweeping.pid ?? NaN), "SIGKILL");
    await outcome;
    const done = trainings();

    const { status, output } = await pipeline(folder, ...sweep);
    expect(status).toBe(0);
    for (const [key, time] of done) expect(trainings().get(key)).toBe(time);
    expect(trainings().size).toBe(before + 8);
    expect(output).toContain("pipeline: 4/4 lr 0.01, unfreeze 1: accuracy ");
    // A line a cell: what the trainings say of their epochs is not shown.
    expect(output).not.toContain("epoch 1/2");
    expect(output).toContain("take this one");
  });

  test("a repeated sweep trains nothing and says the same", async () => {
    const [before, json] = [trainings(), swept()];
    const { status, output } = await pipeline(folder, ...sweep);
    expect(status).toBe(0);
    expect(output.match(/, was there$/gm)).toHaveLength(4);
    expect(trainings()).toEqual(before);
    expect(swept()).toEqual(json);
  });

  test("the folds are scored on all training photos together, each once, and keep no model", () => {
    const { folds, cells } = swept();
    expect(folds).toBe(2);
    expect(cells).toHaveLength(4);
    for (const { accuracy, results } of cells) {
      const scores = results.map((key) => {
        const at = path.join(artifacts, "train", key);
        expect(existsSync(path.join(at, "model.onnx"))).toBe(false);
        return JSON.parse(readFileSync(path.join(at, "validation.json"), "utf8")) as {
          photos: number;
          accuracy: number;
        };
      });
      // 48 photos of three classes, a tenth of which validates.
      expect(scores.reduce((sum, { photos }) => sum + photos, 0)).toBe(43);
      expect(accuracy.values).toEqual(scores.map((score) => score.accuracy));
      expect(accuracy.mean).toBeCloseTo(scores.reduce((sum, score) => sum + score.accuracy, 0) / 2, 12);
    }
  });

  test("the run stands where it stood", () => {
    expect(refs()).toEqual(standing);
  });

  test("the command that the sweep ends with trains what it recommends", async () => {
    const { settings, command } = swept().take;
    const words = command.replace("npx zx pipeline.ts ", "").split(" ");
    const { status } = await pipeline(folder, ...words, "--run", "default");
    expect(status).toBe(0);
    const key = String(refs().find(([file]) => file?.includes("refs/train/"))?.[1]);
    const { config } = JSON.parse(
      readFileSync(path.join(artifacts, "train", key, "manifest.json"), "utf8"),
    ) as { config: Record<string, unknown> };
    expect(config).toMatchObject({ ...settings, epochs: 2 });
    expect(config).not.toHaveProperty("fold");
  });

  test("a combination that cannot be trained fails alone", async () => {
    const { status, output } = await pipeline(
      folder,
      ...[
        "train",
        "--sweep",
        "lr=0.001,1e38",
        "--folds",
        "2",
        "--unfreeze",
        "0",
        "--warmup",
        "0",
        "--epochs",
        "2",
      ],
    );
    expect(status).toBe(0);
    expect(output).toMatch(/2\/2 lr 1e\+38: failed, train: expected a loss that is a number/);
    expect(swept().failed).toMatchObject([{ settings: { lr: 1e38 } }]);
    expect(swept().cells).toMatchObject([{ settings: { lr: 0.001 } }]);
  });

  test("blocks that embed kept no map for are one error, which names the command that makes it", async () => {
    const before = trainings();
    const { status, output } = await pipeline(folder, "train", "--sweep", "unfreeze=0,1,4,2");
    expect(status).toBe(2);
    expect(output).toMatch(
      /sweep: expected boundaries that what embed kept \(--unfreeze 1\) leads to for "--sweep unfreeze" but got 4, 2\n {2}run npx zx pipeline.ts all --unfreeze 4 first/,
    );
    expect(trainings()).toEqual(before);
  });

  test("lr find plots the loss and moves nothing; all refuses it", async () => {
    const before = refs();
    const { status, output } = await pipeline(folder, "train", "--unfreeze", "0", "--lr", "find");
    expect(status).toBe(0);
    expect(output).toMatch(/▲/);
    expect(output).toMatch(/the loss falls steepest, over the rate's logarithm, at 0\.\d+/);
    expect(readFileSync(path.join(artifacts, "runs/default/learning-rates.svg"), "utf8")).toContain("</svg>");
    expect(readFileSync(path.join(artifacts, "runs/default/learning-rates.csv"), "utf8")).toContain(
      "\n0.000001,",
    );
    expect(refs()).toEqual(before);
    expect(await pipeline(folder, "all", "--unfreeze", "1", "--lr", "find")).toMatchObject({ status: 2 });
  });

  test("runs lists them and compares two", async () => {
    await pipeline(folder, "all", "--data", "photos", "--run", "other", "--unfreeze", "0", "--epochs", "1");
    expect((await pipeline(folder, "runs")).output).toMatch(/│ default .*\n.*\n│ other /);
    const { output } = await pipeline(folder, "runs", "default", "other");
    expect(output).toMatch(/│ train\.epochs +│ 2 +│ 1 +│/);
    expect(await pipeline(folder, "runs", "ohter")).toMatchObject({
      status: 2,
      output: expect.stringContaining("did you mean other?") as string,
    });
  });
});
