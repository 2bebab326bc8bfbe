import { z } from "zod";
import { describe, expect, it } from "vitest";
import { costed, describePlan, planInJson } from "../../plan/describe.ts";
import { execute } from "../../plan/execute.ts";
import { idleFlags } from "../../plan/needs.ts";
import type { Place, PlannedStage } from "../../plan/plan.ts";
import { planAll, planAlone, planAsIs } from "../../plan/plans.ts";
import { defineStage, type Stage } from "../../shared/stage.ts";
import { outcomesOf } from "../../commands/results.ts";
import { temporaryFolder } from "../folder.ts";
import { fakeStages, finishAll, placeIn, requestFor } from "./fake-pipeline.ts";

/** What the fake index lists; a test changes it. */
interface Listed {
  labelled: number;
}

/**
 * The fake stages, of which train needs labels, and behind them one that reads train where it is
 * there.
 */
function stagesWith(listed: Listed): readonly Stage[] {
  const [index, embed, train] = fakeStages({ photos: "p", labels: "l" });
  if (index === undefined || embed === undefined || train === undefined) throw new Error("three stages");
  const counting: Stage = {
    ...index,
    source: () =>
      Promise.resolve({
        fingerprint: { counts: { rows: 20, ...listed } },
        outputs: { photos: "p", labels: `l${listed.labelled}` },
      }),
  };
  const unrun = () => Promise.reject(new Error("fake stages do not run"));
  const exporting = defineStage({
    name: "export",
    summary: "exports",
    version: 1,
    inputs: ["index.labels", "embed"],
    optionalInputs: ["train"],
    config: z.object({ node: z.string().default("pooled").describe("node") }),
    libraries: [],
    run: unrun,
  });
  return [counting, embed, { ...train, needs: "labels" }, exporting];
}

const states = (plan: readonly PlannedStage[]) => plan.map(({ state }) => state);
const lastOf = (plan: readonly PlannedStage[]) => plan.at(-1) as PlannedStage;
const stageNamed = (stages: readonly Stage[], name: string) =>
  stages.find((stage) => stage.name === name) as Stage;

/** Finishes what a plan would run. */
async function finish(plan: readonly PlannedStage[], place: Place): Promise<void> {
  await finishAll(
    plan.filter(({ state }) => state !== "left out"),
    place,
  );
}

describe("photos without labels", () => {
  it("leave out the stage that needs labels, and the next one's key says that it was made without it", async () => {
    const listed = { labelled: 0 };
    const stages = stagesWith(listed);
    const place = placeIn(temporaryFolder());
    const plan = await planAll(requestFor(stages), place);
    expect(states(plan)).toEqual(["missing", "missing", "left out", "missing"]);
    expect(plan[2]?.reasons).toEqual(["no photo has a label"]);
    expect(Object.keys(lastOf(plan).parts.inputs)).toEqual(["index.labels", "embed"]);
    expect(Object.keys(lastOf(plan).results)).toEqual(["index", "embed"]);
    expect(lastOf(plan).without).toEqual(["train"]);
    await finish(plan, place);
    expect(states(await planAsIs(requestFor(stages), place))).toEqual(["done", "done", "left out", "done"]);
  });

  it("keep what is made of their pixels when labels come, and what reads the training says that it is new", async () => {
    const listed = { labelled: 0 };
    const stages = stagesWith(listed);
    const place = placeIn(temporaryFolder());
    await finish(await planAll(requestFor(stages), place), place);
    listed.labelled = 20;
    const plan = await planAll(requestFor(stages), place);
    expect(states(plan)).toEqual(["stale", "done", "missing", "stale"]);
    expect(lastOf(plan).reasons).toEqual(["index.labels changed", "train is new"]);
    expect(lastOf(plan).without).toEqual([]);
  });

  it("make the stage alone an error of the data that says what gives labels", async () => {
    const stages = stagesWith({ labelled: 0 });
    const place = placeIn(temporaryFolder(), "dogs");
    await finish((await planAll(requestFor(stages), place)).slice(0, 1), place);
    await expect(planAlone(stageNamed(stages, "train"), requestFor(stages), place, [])).rejects.toMatchObject(
      {
        code: "data",
        exitStatus: 3,
        message: expect.stringMatching(
          /^train: expected labelled photos for "run dogs" but got 20 photos, none of them with a label\n {2}labels come from a folder for each class/,
        ) as string,
      },
    );
  });

  it("let a later stage run alone, without a training of the run's that is of other photos", async () => {
    const listed = { labelled: 20 };
    const stages = stagesWith(listed);
    const place = placeIn(temporaryFolder());
    await finish(await planAll(requestFor(stages), place), place);
    listed.labelled = 0;
    await finish((await planAll(requestFor(stages), place)).slice(0, 1), place);
    const alone = await planAlone(stageNamed(stages, "export"), requestFor(stages), place, []);
    expect(alone.state).toBe("stale");
    expect(alone.reasons).toEqual(["index.labels changed", "train is left out"]);
    expect(alone.without).toEqual(["train"]);
    const trained = (await place.refs.read(place.run, "train")) ?? "";
    await expect(
      planAlone(stageNamed(stages, "export"), requestFor(stages), place, [trained]),
    ).rejects.toThrow(/expected labelled photos beside a result of train/);
  });

  it("cost nothing where the stage is left out, and every description says so", async () => {
    const stages = stagesWith({ labelled: 0 }).map((stage) => ({
      ...stage,
      estimate: () => ({ units: 60, bytes: 1e9, unitsPerSecond: 1 }),
    }));
    const place = placeIn(temporaryFolder());
    const plan = await planAll(requestFor(stages), place);
    const foreseen = await costed(plan, place);
    expect(describePlan(foreseen)).toMatch(/train .*be left out .*no photo has a label/);
    expect(planInJson(foreseen)).toMatchObject({ minutes: 3, gigabytes: 3 });
    expect((await outcomesOf(plan, place)).map(({ state }) => state)).toEqual([
      "unfinished",
      "unfinished",
      "left out",
      "unfinished",
    ]);
  });

  it("name the flags that only a stage reads which is left out", () => {
    const { options, settings } = requestFor(stagesWith({ labelled: 0 }), { lr: 0.1, unfreeze: "2" });
    expect(idleFlags(["train"], options, settings)).toEqual(["--lr"]);
    expect(idleFlags([], options, settings)).toEqual([]);
  });
});

it("photos with labels do not let a later stage run alone before the training is there", async () => {
  const stages = stagesWith({ labelled: 20 });
  const place = placeIn(temporaryFolder());
  await finish((await planAll(requestFor(stages), place)).slice(0, 2), place);
  await expect(planAlone(stageNamed(stages, "export"), requestFor(stages), place, [])).rejects.toThrow(
    /export: expected a finished train/,
  );
});

it("a stage that ran without the training takes that from the run, and its files from where people look", async () => {
  const listed = { labelled: 20 };
  const stages = stagesWith(listed);
  const folder = temporaryFolder();
  const place = placeIn(folder);
  const { signal } = new AbortController();
  const shown = async (name: string) => [
    await place.store.exists(name),
    await place.store.exists(`runs/${place.run}/${name}`),
  ];
  const names = ["model.onnx", "features.npy", "probabilities.npy"];
  const made = await planAll(requestFor(stages), place);
  await finishAll(made, place, { train: ["model.onnx"], export: ["features.npy", "probabilities.npy"] });
  for (const planned of made) await execute(planned, null, place, signal);
  expect(await Promise.all(names.map(shown))).toEqual([
    [true, true],
    [true, true],
    [true, true],
  ]);

  listed.labelled = 0;
  const unlabelled = await planAll(requestFor(stages), place);
  await finishAll(
    unlabelled.filter(({ state }) => state !== "left out"),
    place,
    { export: ["features.npy"] },
  );
  expect(await execute(lastOf(unlabelled), null, place, signal)).toBe(true);
  expect(await Promise.all(names.map(shown))).toEqual([
    [false, false],
    [true, true],
    [false, false],
  ]);
  expect(await place.refs.read(place.run, "train")).toBeNull();
  expect(states(await planAsIs(requestFor(stages), place))).toEqual(["done", "done", "left out", "done"]);
});
