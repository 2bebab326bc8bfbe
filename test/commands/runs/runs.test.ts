import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { describeRuns } from "../../../commands/runs.ts";
import { folderRefs } from "../../../shared/artifacts/refs.ts";
import { finishResult } from "../../../shared/artifacts/results.ts";
import { folderStore } from "../../../shared/artifacts/store.ts";
import type { Json } from "../../../shared/artifacts/types.ts";
import { digestOf } from "../../../shared/artifacts/key.ts";
import { trainConfig } from "../../../stages/train/config.ts";
import { temporaryFolder } from "../../folder.ts";

const order = ["index", "embed", "train"];

interface FakeRun {
  readonly index?: Record<string, Json>;
  readonly embed?: Record<string, Json>;
  readonly train?: Record<string, Json>;
  readonly facts?: Record<string, Json>;
}

/** Finished results of each stage that a fake run has, with refs to them. */
async function placeWith(runs: Readonly<Record<string, FakeRun>>) {
  const folder = temporaryFolder();
  const [store, refs] = [folderStore(folder), folderRefs(folder)];
  for (const [name, run] of Object.entries(runs))
    for (const stage of ["index", "embed", "train"] as const) {
      const given = run[stage];
      if (given === undefined) continue;
      const config = (stage === "train" ? trainConfig.parse(given) : given) as Record<string, Json>;
      const facts = stage === "train" ? (run.facts ?? {}) : { photos: 300 };
      const parts = { stage, version: 1, config, inputs: {}, libraries: {}, source: null };
      const key = digestOf({ ...parts, facts });
      const workspace = path.join(folder, "work", key);
      mkdirSync(workspace, { recursive: true });
      writeFileSync(path.join(workspace, "file"), key);
      const result = { key, parts, config, outputs: {}, results: {}, files: ["file"], shards: [], facts };
      await finishResult(store, workspace, result);
      await refs.compareAndSwap(name, stage, null, key);
    }
  return { store, refs };
}

/** The cells of a printed table, row by row. */
function cellsOf(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .map((line) =>
      line
        .split("│")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const dogs: FakeRun = {
  index: { data: "/photos/dogs", limit: 0 },
  embed: { unfreeze: "4", views: 1 },
  train: { unfreeze: "4", lr: 0.001 },
  facts: { accuracy: 0.912, loss: 0.31, bestEpoch: 5 },
};

test("runs are listed with their settings, those left out as the preset has them", async () => {
  const place = await placeWith({ dogs, started: { index: { data: "/photos/cats" } } });
  const [head, first, second] = cellsOf((await describeRuns([], order, place)).text);
  const of = (cells: readonly string[] | undefined, title: string) => cells?.[head?.indexOf(title) ?? -1];
  expect(of(first, "name")).toBe("dogs");
  expect(of(first, "when")).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  expect(of(first, "data")).toBe("/photos/dogs");
  expect(of(first, "photos")).toBe("300");
  expect(of(first, "backbone")).toBe("efficientnet-lite0");
  expect(of(first, "unfreeze")).toBe("4");
  expect(of(first, "lr")).toBe("0.001");
  expect(of(first, "epochs")).toBe("5");
  expect(of(first, "accuracy")).toBe("91.2 %");
  expect(of(first, "loss")).toBe("0.3100");
  expect(of(second, "name")).toBe("started");
  expect(of(second, "accuracy")).toBe("");
});

test("two runs are compared: what differs in their settings, and both their results", async () => {
  const frozen: FakeRun = {
    ...dogs,
    train: { unfreeze: "0" },
    facts: { accuracy: 0.881, loss: 0.42, bestEpoch: 17 },
  };
  const rows = cellsOf(
    (await describeRuns(["dogs", "frozen"], order, await placeWith({ dogs, frozen }))).text,
  );
  const row = (name: string) => rows.find(([first]) => first === name)?.slice(1);
  expect(row("")).toEqual(["dogs", "frozen"]);
  expect(row("train.unfreeze")).toEqual(["4", "0"]);
  expect(row("train.lr")).toEqual(["0.001", "0.002"]);
  expect(row("train.epochs")).toEqual(["5", "30"]);
  expect(row("accuracy")).toEqual(["91.2 %", "88.1 %"]);
  expect(row("best epoch")).toEqual(["5", "17"]);
  // Alike in both.
  expect(row("embed.unfreeze")).toBeUndefined();
  expect(row("train.seed")).toBeUndefined();
  expect(row("index.data")).toBeUndefined();
  expect(row("photos")).toEqual(["300", "300"]);
});

test("a setting that two stages share is named once", async () => {
  const other: FakeRun = { ...dogs, embed: { unfreeze: "2", views: 1 }, train: { unfreeze: "2", lr: 0.001 } };
  const rows = cellsOf((await describeRuns(["dogs", "other"], order, await placeWith({ dogs, other }))).text);
  expect(rows.map(([name]) => name).filter((name) => name?.endsWith(".unfreeze"))).toEqual([
    "embed.unfreeze",
  ]);
});

test("a default that is given is no difference", async () => {
  const plain: FakeRun = { ...dogs, train: {} };
  const given: FakeRun = { ...dogs, train: { lr: 0.002, epochs: 30 } };
  const { text } = await describeRuns(["given", "plain"], order, await placeWith({ given, plain }));
  expect(text).toContain("their settings are the same");
});

test("a name that no run has is an error with the nearest", async () => {
  const place = await placeWith({ dogs });
  await expect(describeRuns(["dogs", "dgos"], order, place)).rejects.toThrow(
    'runs: expected the name of a run for "dgos" but got none of that name\n  did you mean dogs?',
  );
});

test("without runs, what makes one is said", async () => {
  expect((await describeRuns([], order, await placeWith({}))).text).toContain("npx zx pipeline.ts all");
});
