import { expect, test } from "vitest";
import { z } from "zod";
import type { PlannedStage } from "../../plan/plan.ts";
import { planAll, planAlone, planAsIs } from "../../plan/plans.ts";
import type { Stage } from "../../shared/stage.ts";
import { temporaryFolder } from "../folder.ts";
import { type FakePhotos, fakeStages, finishAll, placeIn, requestFor } from "./fake-pipeline.ts";

const photos = (): FakePhotos => ({ photos: "a".repeat(64), labels: "b".repeat(64) });
const states = (plan: readonly PlannedStage[]) => plan.map(({ state }) => state);
const reasons = (plan: readonly PlannedStage[]) => plan.map((planned) => planned.reasons);
const stageNamed = (stages: readonly Stage[], name: string) =>
  stages.find((stage) => stage.name === name) as Stage;

test("everything is missing at first and done afterwards", async () => {
  const stages = fakeStages(photos());
  const place = placeIn(temporaryFolder());
  const plan = await planAll(requestFor(stages), place);
  expect(states(plan)).toEqual(["missing", "missing", "missing"]);
  await finishAll(plan, place);
  expect(states(await planAll(requestFor(stages), place))).toEqual(["done", "done", "done"]);
});

test("a flag of the last stage makes only that one stale, and says which flag", async () => {
  const stages = fakeStages(photos());
  const place = placeIn(temporaryFolder());
  await finishAll(await planAll(requestFor(stages), place), place);
  const plan = await planAll(requestFor(stages, { lr: 0.0003 }), place);
  expect(states(plan)).toEqual(["done", "done", "stale"]);
  expect(reasons(plan)[2]).toEqual(["lr: 0.001 → 0.0003"]);
});

test("what changes no byte makes nothing stale", async () => {
  const stages = fakeStages(photos());
  const place = placeIn(temporaryFolder());
  await finishAll(await planAll(requestFor(stages), place), place);
  expect(states(await planAll(requestFor(stages, { batch: 64, data: "/elsewhere" }), place))).toEqual([
    "done",
    "done",
    "done",
  ]);
});

test("a corrected label leaves what is made of the photos alone", async () => {
  const shown = photos();
  const stages = fakeStages(shown);
  const place = placeIn(temporaryFolder());
  await finishAll(await planAll(requestFor(stages), place), place);
  shown.labels = "c".repeat(64);
  const plan = await planAsIs(requestFor(stages), place);
  expect(states(plan)).toEqual(["stale", "done", "stale"]);
  expect(reasons(plan)).toEqual([["labels changed"], [], ["index.labels changed"]]);
});

test("what an earlier stage kept serves who wants less of it, and what was wanted last is wanted again", async () => {
  const stages = fakeStages(photos());
  const place = placeIn(temporaryFolder());
  await finishAll(await planAll(requestFor(stages, { unfreeze: "4" }), place), place);
  const fewer = await planAll(requestFor(stages, { unfreeze: "2" }), place);
  expect(states(fewer)).toEqual(["done", "done", "stale"]);
  expect(fewer.map(({ config }) => config["unfreeze"])).toEqual([undefined, "4", "2"]);
  await finishAll(fewer, place);
  const train = stageNamed(stages, "train");
  expect((await planAlone(train, requestFor(stages, {}), place, [])).config["unfreeze"]).toBe("2");
  const one = await planAlone(train, requestFor(stages, { unfreeze: "1" }), place, []);
  expect(one.config["unfreeze"]).toBe("1");
  expect(states(await planAll(requestFor(stages, { unfreeze: "5" }), place))).toEqual([
    "done",
    "stale",
    "stale",
  ]);
  await expect(planAlone(train, requestFor(stages, { unfreeze: "5" }), place, [])).rejects.toThrow(
    /expected what embed ran with \("4"\) for "--unfreeze" but got "5"/,
  );
});

test("other photos make everything stale", async () => {
  const shown = photos();
  const stages = fakeStages(shown);
  const place = placeIn(temporaryFolder());
  await finishAll(await planAll(requestFor(stages), place), place);
  shown.photos = "c".repeat(64);
  const plan = await planAsIs(requestFor(stages), place);
  expect(reasons(plan)).toEqual([["photos changed"], ["index.photos changed"], ["embed changed"]]);
});

test("status keeps to the config of what is there, all to the one that is asked for", async () => {
  const stages = fakeStages(photos());
  const place = placeIn(temporaryFolder());
  await finishAll(await planAll(requestFor(stages, { lr: 0.0003 }), place), place);
  expect(states(await planAsIs(requestFor(stages), place))).toEqual(["done", "done", "done"]);
  expect(states(await planAll(requestFor(stages), place))).toEqual(["done", "done", "stale"]);
});

test("one stage alone takes the results of the run, with the config that they had", async () => {
  const stages = fakeStages(photos());
  const place = placeIn(temporaryFolder());
  const plan = await planAll(requestFor(stages, { views: 3 }), place);
  await finishAll(plan, place);
  const alone = await planAlone(stageNamed(stages, "train"), requestFor(stages, { lr: 0.01 }), place, []);
  expect(alone.state).toBe("stale");
  expect(alone.parts.inputs["embed"]).toBe(plan[1]?.key);
});

test("one stage alone refuses a flag of an earlier stage that differs from what is there, naming the command", async () => {
  const stages = fakeStages(photos());
  const place = placeIn(temporaryFolder());
  await finishAll(await planAll(requestFor(stages, { views: 3 }), place), place);
  const train = stageNamed(stages, "train");
  await expect(planAlone(train, requestFor(stages, { views: 2 }), place, [])).rejects.toThrow(
    /train: expected what embed ran with \(3\) for "--views" but got 2\n.*pipeline.ts embed --views 2/,
  );
  expect((await planAlone(train, requestFor(stages, { views: 3 }), place, [])).state).toBe("done");
});

test("one stage alone refuses a flag that only a later stage reads", async () => {
  const stages = fakeStages(photos());
  const place = placeIn(temporaryFolder());
  await finishAll(await planAll(requestFor(stages), place), place);
  const embed = stageNamed(stages, "embed");
  await expect(planAlone(embed, requestFor(stages, { lr: 1 }), place, [])).rejects.toThrow(
    /expected a flag .* for "--lr" but got one of train/,
  );
});

test("one stage alone says what to run first where an input is not there", async () => {
  const stages = fakeStages(photos());
  const place = placeIn(temporaryFolder(), "dogs");
  await expect(planAlone(stageNamed(stages, "train"), requestFor(stages), place, [])).rejects.toThrow(
    /train: expected a finished index for "run dogs" but got none\n.*pipeline.ts index --run dogs first/,
  );
});

test("inputs that do not belong together are refused", async () => {
  const shown = photos();
  const stages = fakeStages(shown);
  const place = placeIn(temporaryFolder());
  await finishAll(await planAll(requestFor(stages), place), place);
  shown.photos = "c".repeat(64);
  const [index] = await planAll(requestFor(stages), place);
  await finishAll(index === undefined ? [] : [index], place);
  await expect(planAlone(stageNamed(stages, "train"), requestFor(stages), place, [])).rejects.toThrow(
    /expected a embed made from this run's index .* but got one made before index changed/,
  );
});

test("a backbone that has changed since an input was made is refused, and names what to run", async () => {
  const [index, embed, train] = fakeStages(photos()) as [Stage, Stage, Stage];
  const config = train.config.extend({ backbone: z.string().default("tiny").meta({ inKey: false }) });
  const reading = (stage: Stage): Stage => ({ ...stage, config, inputs: [...stage.inputs, "backbone"] });
  const stages = [index, reading(embed), reading(train)];
  const before = placeIn(temporaryFolder());
  const place = (digest: string) => ({ ...before, backboneDigest: () => Promise.resolve(digest) });
  await finishAll(await planAll(requestFor(stages), place("c".repeat(64))), before);
  const alone = (digest: string) => planAlone(stages[2] as Stage, requestFor(stages), place(digest), []);
  expect((await alone("c".repeat(64))).state).toBe("done");
  await expect(alone("d".repeat(64))).rejects.toThrow(
    /train: expected a embed made with the backbone as it is now .*\n.*pipeline\.ts embed first, or all/,
  );
});

test("--from takes another result by the beginning of its key", async () => {
  const stages = fakeStages(photos());
  const place = placeIn(temporaryFolder());
  const first = await planAll(requestFor(stages, { views: 1 }), place);
  await finishAll(first, place);
  await finishAll(await planAll(requestFor(stages, { views: 2 }), place), place);
  const key = first[1]?.key ?? "";
  const alone = await planAlone(stageNamed(stages, "train"), requestFor(stages), place, [key.slice(0, 12)]);
  expect(alone.parts.inputs["embed"]).toBe(key);
  await expect(planAlone(stageNamed(stages, "train"), requestFor(stages), place, ["zz"])).rejects.toThrow(
    /--from zz/,
  );
});

test("runs stand beside each other", async () => {
  const stages = fakeStages(photos());
  const folder = temporaryFolder();
  await finishAll(await planAll(requestFor(stages), placeIn(folder)), placeIn(folder));
  const other = await planAsIs(requestFor(stages), placeIn(folder, "other"));
  expect(states(other)).toEqual(["done", "done", "done"]);
  expect(other.map(({ current }) => current)).toEqual([null, null, null]);
});
