import { expect, test } from "vitest";
import { costOf } from "../../plan/cost.ts";
import { planAll } from "../../plan/plans.ts";
import { stages } from "../../stages/stages.ts";
import { temporaryFolder } from "../folder.ts";
import { fakeStages, finishAll, placeIn, requestFor } from "./fake-pipeline.ts";

const none = () => Promise.resolve(null);

test("a stage costs its units at the benchmark's rate, until a run of its own has measured another", async () => {
  const [index, embed, train] = fakeStages({ photos: "p", labels: "l" });
  if (index === undefined || embed === undefined || train === undefined) throw new Error("three stages");
  const counted = {
    ...index,
    source: () => Promise.resolve({ fingerprint: { counts: { rows: 1300, labelled: 1200 } }, outputs: {} }),
  };
  const estimated = {
    ...embed,
    estimate: ({ all, clean }: { all: number; clean: number }) => ({
      units: all + clean,
      bytes: 2e9,
      unitsPerSecond: 10,
    }),
  };
  const place = placeIn(temporaryFolder());
  const request = requestFor([counted, estimated]);
  const plan = await planAll(request, place);
  const planned = plan[1];
  if (planned === undefined) throw new Error("a planned embed");
  expect(await costOf(planned, plan, none)).toEqual({ minutes: 1300 / 10 / 60, gigabytes: 2 });

  await finishAll(plan, place);
  const again = (await planAll(request, place))[1] ?? planned;
  const ran = (units: number) => () => Promise.resolve({ units, unitsPerSecond: 130 });
  expect((await costOf(again, plan, ran(1300))).minutes).toBeCloseTo(10 / 60);
  // Too few units to tell a rate from the start of the process.
  expect((await costOf(again, plan, ran(3))).minutes).toBeCloseTo(1300 / 10 / 60);
});

test("a run with another config tells how fast the machine is, and no more", async () => {
  const [index, embed] = fakeStages({ photos: "p", labels: "l" });
  if (index === undefined || embed === undefined) throw new Error("two stages");
  const slowWhenUnfrozen = {
    ...embed,
    estimate: (_: unknown, { unfreeze }: { unfreeze?: unknown }) => ({
      ...{ units: 1200, bytes: 0 },
      unitsPerSecond: unfreeze === "0" ? 100 : 10,
    }),
  };
  const place = placeIn(temporaryFolder());
  await finishAll(await planAll(requestFor([index, slowWhenUnfrozen]), place), place);
  const plan = await planAll(requestFor([index, slowWhenUnfrozen], { unfreeze: "4" }), place);
  const planned = plan[1];
  if (planned === undefined) throw new Error("a planned embed");
  const twiceAsFast = () => Promise.resolve({ units: 1200, unitsPerSecond: 200 });
  expect((await costOf(planned, plan, twiceAsFast)).minutes).toBeCloseTo(1200 / 20 / 60);
});

test("every stage says what it would take", () => {
  const config = { views: 1, inputSize: 224 };
  const costs = stages.map(({ name, estimate }) => [
    name,
    (estimate?.({ all: 1000, clean: 100 }, config).units ?? 0) > 0,
  ]);
  expect(costs).toEqual(
    ["index", "augment", "embed", "train", "export", "report"].map((name) => [name, true]),
  );
});
