import { expect, test } from "vitest";
import type { Scored } from "../../../commands/sweep/carry.ts";
import { axesOf, type Point, pointsOf, sweepable } from "../../../commands/sweep/grid.ts";
import { adviceOf, leaderboard, pointInWords } from "../../../commands/sweep/leaderboard.ts";
import { spreadOf } from "../../../commands/sweep/score.ts";
import { optionsOf } from "../../../plan/options.ts";
import { stages } from "../../../stages/stages.ts";

const axes = axesOf(["label-smoothing=0,0.1", "unfreeze=0"], sweepable(optionsOf(stages), "train"), 4);
const [plain, smoothed] = pointsOf(axes) as [Point, Point];

function scored(point: Point, accuracies: readonly number[]): Scored {
  return {
    cell: { point, trainings: [], distance: 0 },
    accuracy: spreadOf(accuracies),
    loss: spreadOf([0.4, 0.6]),
    ...{ seconds: 2.34, blocks: 0, distance: 0 },
  };
}

test("a row has the settings by their flags, mean and deviation, and the one to take is marked", () => {
  const [best, other] = [scored(smoothed, [0.9, 0.92]), scored(plain, [0.89, 0.91])];
  const text = leaderboard(axes, [best, other], [], other);
  expect(text).toMatch(/│ label-smoothing │ unfreeze │ accuracy +│ loss +│ seconds │/);
  expect(text).toMatch(/│ 0.1 +│ 0 +│ 91.0 ± 1.4 % │ 0.5000 ± 0.1414 │ 2.3 +│ +│/);
  expect(text).toMatch(/│ 0 +│ 0 +│ 90.0 ± 1.4 % │ .* │ take this one │/);
});

test("those that failed come last", () => {
  const failed = { cell: { point: smoothed, trainings: [], distance: 0 }, why: "the rate" };
  const lines = leaderboard(axes, [scored(plain, [0.5, 0.5])], [failed], null).split("\n");
  expect(lines.findIndex((line) => line.includes("failed"))).toBeGreaterThan(
    lines.findIndex((line) => line.includes("50.0")),
  );
});

test("the advice names the settings, the standard error in points, and the command", () => {
  const [best, other] = [scored(smoothed, [0.9, 0.92]), scored(plain, [0.89, 0.91])];
  expect(pointInWords(plain, axes)).toBe("label-smoothing 0, unfreeze 0");
  expect(adviceOf(axes, best, other, "the command")).toMatch(
    /^take label-smoothing 0, unfreeze 0: .* one standard error of the best \(1\.00 points\)\n {2}the command\n$/,
  );
});
