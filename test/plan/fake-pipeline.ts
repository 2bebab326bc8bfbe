import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { folderRefs } from "../../shared/artifacts/refs.ts";
import { finishResult } from "../../shared/artifacts/results.ts";
import { folderStore } from "../../shared/artifacts/store.ts";
import { defineStage, type Stage } from "../../shared/stage.ts";
import { optionsOf } from "../../plan/options.ts";
import type { Engines } from "../../plan/engines/resolve.ts";
import type { Place, PlannedStage } from "../../plan/plan.ts";
import type { Request } from "../../plan/plans.ts";
import type { Given } from "../../plan/settings.ts";

/** What the photos are, as far as a fake index is concerned; a test changes it. */
export interface FakePhotos {
  photos: string;
  labels: string;
}

/** Three stages that depend on each other as the real ones do, and never run. */
export function fakeStages(photos: FakePhotos): readonly Stage[] {
  const unrun = () => Promise.reject(new Error("fake stages do not run"));
  const index = defineStage({
    name: "index",
    summary: "lists",
    version: 1,
    inputs: [],
    config: z.object({
      data: z.string().default("").describe("the photos").meta({ inKey: false }),
      limit: z.int().min(0).default(0).describe("how many"),
    }),
    libraries: [],
    source: () => Promise.resolve({ fingerprint: { ...photos }, outputs: { ...photos } }),
    run: unrun,
  });
  const embed = defineStage({
    name: "embed",
    summary: "embeds",
    version: 1,
    inputs: ["index.photos"],
    config: z.object({
      views: z.int().min(1).default(1).describe("views"),
      unfreeze: z.string().default("0").describe("blocks"),
    }),
    libraries: ["zod"],
    servedBy: (there, wanted) =>
      Number(there["unfreeze"]) > Number(wanted["unfreeze"])
        ? { ...wanted, unfreeze: there["unfreeze"] ?? null }
        : null,
    run: unrun,
  });
  const train = defineStage({
    name: "train",
    summary: "trains",
    version: 1,
    inputs: ["index.labels", "embed"],
    config: z.object({
      lr: z.number().positive().default(0.001).describe("learning rate"),
      unfreeze: z.string().default("0").describe("blocks"),
      head: z.enum(["linear", "mlp"]).default("linear").describe("head"),
      batch: z.int().default(8).describe("batch").meta({ inKey: false }),
    }),
    libraries: [],
    run: unrun,
  });
  return [index, embed, train];
}

/** A request for these stages, with values as flags would have given them. */
export function requestFor(
  stages: readonly Stage[],
  flags: Readonly<Record<string, Given["value"]>> = {},
): Request {
  const given = Object.entries(flags).map(
    ([field, value]) => [field, { value, origin: `--${field}` }] as const,
  );
  return { stages, options: optionsOf(stages), settings: new Map(given) };
}

/** A machine without a GPU, on which nothing has to be tried. */
const onlyCpu: Engines = {
  expect: () => Promise.resolve(),
  choose: () => Promise.resolve({ engine: "cpu", device: "cpu", reasons: [] }),
  library: () => Promise.resolve({}),
};

export function placeIn(folder: string, run = "default", engines = onlyCpu): Place {
  return {
    store: folderStore(folder),
    refs: folderRefs(folder),
    run,
    backboneDigest: ({ backbone }) => Promise.resolve(backbone),
    engines,
  };
}

/**
 * Finishes planned stages as their processes would, and moves the run's refs.
 *
 * @param names of the files of a stage's result; "file" where nothing is said
 */
export async function finishAll(
  plan: readonly PlannedStage[],
  place: Place,
  names: Readonly<Record<string, readonly string[]>> = {},
): Promise<void> {
  for (const { stage, key, parts, config, outputs, results } of plan) {
    const workspace = place.store.path(`work/${key}`);
    mkdirSync(workspace, { recursive: true });
    const files = names[stage.name] ?? ["file"];
    for (const name of files) writeFileSync(path.join(workspace, name), key);
    await finishResult(place.store, workspace, {
      key,
      parts,
      config,
      outputs,
      results,
      files,
      shards: [],
      facts: {},
    });
    const before = await place.refs.read(place.run, stage.name);
    await place.refs.compareAndSwap(place.run, stage.name, before, key);
  }
}
