import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { withComparison } from "../../plan/comparison.ts";
import { folderRefs } from "../../shared/artifacts/refs.ts";
import { finishResult } from "../../shared/artifacts/results.ts";
import { folderStore } from "../../shared/artifacts/store.ts";
import { temporaryFolder } from "../folder.ts";

/**
 * Two exported trainings, one of them exported twice and the run "good"'s, a training that was
 * never exported, and the run "plain" with an export of photos without labels.
 */
async function place() {
  const root = temporaryFolder();
  const [store, refs] = [folderStore(root), folderRefs(root)];
  const finish = async (stage: string, key: string, results: Record<string, string> = {}) => {
    const workspace = path.join(root, "work", key);
    mkdirSync(workspace, { recursive: true });
    const parts = { stage, version: 1, config: {}, inputs: {}, libraries: {}, source: null };
    await finishResult(store, workspace, {
      ...{ key, parts, results, config: {}, outputs: {}, files: [], shards: [], facts: {} },
    });
  };
  for (const key of ["aa11", "aa22", "bb33"]) await finish("train", key);
  await finish("export", "e1", { train: "aa11" });
  await finish("export", "e2", { train: "aa11" });
  await finish("export", "f3", { train: "aa22" });
  await finish("export", "g4");
  await refs.compareAndSwap("good", "export", null, "e2");
  await refs.compareAndSwap("plain", "export", null, "g4");
  return { store, refs };
}

async function resolved(name: string): Promise<unknown> {
  const settings = await withComparison(
    new Map([["compare", { value: name, origin: "--compare" }]]),
    await place(),
  );
  return settings.get("compare")?.value;
}

it("takes a run's name for the export that the run stands on now", async () => {
  expect(await resolved("good")).toBe("e2");
});

it("takes the beginning of an export's or a training's key for the export", async () => {
  expect(await resolved("f")).toBe("f3");
  expect(await resolved("aa2")).toBe("f3");
});

it("takes any export of a training that was exported twice, as both answer alike", async () => {
  expect(await resolved("aa1")).toBe("e1");
});

it("refuses a beginning that several trainings have, and a name that nothing has", async () => {
  await expect(resolved("aa")).rejects.toThrow("with which 2 trainings begin");
  await expect(resolved("goods")).rejects.toThrow("did you mean good?");
});

it("refuses a run without a training, by its name", async () => {
  await expect(resolved("plain")).rejects.toThrow(
    /expected a run with a trained classifier .* but got plain, whose photos have no labels/,
  );
});

it("says how to export a training that is not exported yet", async () => {
  await expect(resolved("bb33")).rejects.toThrow("npx zx pipeline.ts export --from bb33");
});

it("leaves settings alone that compare with nothing", async () => {
  const settings = new Map();
  expect(await withComparison(settings, await place())).toBe(settings);
});
