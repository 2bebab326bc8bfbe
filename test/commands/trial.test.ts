import { expect, test } from "vitest";
import { isTrial, refuseTrial } from "../../commands/trial.ts";
import type { PlannedStage } from "../../plan/plan.ts";
import { planAll } from "../../plan/plans.ts";
import { temporaryFolder } from "../folder.ts";
import { fakeStages, placeIn, requestFor } from "../plan/fake-pipeline.ts";

async function planWith(config: PlannedStage["config"]): Promise<PlannedStage[]> {
  const stages = fakeStages({ photos: "a".repeat(64), labels: "b".repeat(64) });
  const plan = await planAll(requestFor(stages), placeIn(temporaryFolder()));
  return plan.map((planned) => ({ ...planned, config: { ...planned.config, ...config } }));
}

test("a training with a rate and all training photos is none", async () => {
  const plan = await planWith({ lr: 0.1 });
  expect(plan.filter(isTrial)).toEqual([]);
  expect(() => {
    refuseTrial(plan);
  }).not.toThrow();
});

test.each([
  [{ lr: "find" }, '"--lr" but got find', "train --lr find by itself"],
  [{ fold: "2/5" }, '"--fold" but got 2/5', "train --fold 2/5 by itself"],
])("%j makes no model: all refuses it", async (config, got, hint) => {
  const plan = await planWith(config);
  expect(plan.filter(isTrial).map(({ stage }) => stage.name)).toEqual(["train"]);
  const refused = () => {
    refuseTrial(plan);
  };
  expect(refused).toThrow(got);
  expect(refused).toThrow(hint);
});
