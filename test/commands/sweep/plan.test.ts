import { expect, test } from "vitest";
import { z } from "zod";
import { axesOf, sweepable } from "../../../commands/sweep/grid.ts";
import { planSweep } from "../../../commands/sweep/plan.ts";
import { planAll } from "../../../plan/plans.ts";
import { temporaryFolder } from "../../folder.ts";
import { fakeStages, finishAll, placeIn, requestFor } from "../../plan/fake-pipeline.ts";

const photos = () => ({ photos: "a".repeat(64), labels: "b".repeat(64) });

/** Plans a sweep on a finished run of the fake stages, of which embed kept what `unfreeze` says. */
async function planned(
  words: readonly string[],
  given: Record<string, string | number> = {},
  unfreeze = "0",
) {
  const stages = fakeStages(photos()).map((stage) =>
    stage.name === "train"
      ? { ...stage, config: stage.config.extend({ fold: z.string().optional() }) }
      : stage,
  );
  const place = placeIn(temporaryFolder());
  await finishAll(await planAll(requestFor(stages, { unfreeze }), place), place);
  const request = requestFor(stages, given);
  const train = stages.find(({ name }) => name === "train");
  if (train === undefined) throw new Error("no train");
  const axes = axesOf(words, sweepable(request.options, "train"), 4);
  return { cells: await planSweep(train, axes, 2, request, place, []), place, train, axes, request };
}

test("every combination has a training for each fold, each with a key of its own", async () => {
  const { cells } = await planned(["lr=0.1,0.2", "head=linear,mlp"]);
  expect(cells.map(({ point }) => Object.fromEntries(point))).toEqual([
    { lr: 0.1, head: "linear" },
    { lr: 0.1, head: "mlp" },
    { lr: 0.2, head: "linear" },
    { lr: 0.2, head: "mlp" },
  ]);
  const trainings = cells.flatMap((cell) => cell.trainings);
  expect(trainings.map(({ config }) => config["fold"])).toEqual(Array(4).fill(["1/2", "2/2"]).flat());
  expect(new Set(trainings.map(({ key }) => key)).size).toBe(8);
});

test("trainings that are there are known, whatever else is swept with them", async () => {
  const { cells, place, train, request } = await planned(["lr=0.1,0.2"]);
  await finishAll(cells[1]?.trainings ?? [], { ...place, run: "elsewhere" });
  const axes = axesOf(["lr=0.2,0.3"], sweepable(request.options, "train"), 4);
  const again = await planSweep(train, axes, 2, request, place, []);
  expect(again.map(({ trainings }) => trainings.map(({ state }) => state))).toEqual([
    ["done", "done"],
    ["stale", "stale"],
  ]);
});

test("blocks behind the kept map can be swept", async () => {
  const { cells } = await planned(["unfreeze=0,2,4"], {}, "4");
  expect(cells).toHaveLength(3);
});

test("blocks before it are one error that names the command for the widest of them", async () => {
  await expect(planned(["unfreeze=0,4,2"])).rejects.toThrow(
    /what embed kept \(--unfreeze 0\) leads to for "--sweep unfreeze" but got 4, 2\n.*all --unfreeze 4 first/,
  );
});

test("a setting that is swept cannot be given too", async () => {
  await expect(planned(["lr=0.1,0.2"], { lr: 0.3 })).rejects.toThrow(
    'expected a setting that is either swept or given for "--lr" but got both',
  );
});
