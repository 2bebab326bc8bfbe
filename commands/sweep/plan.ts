import { flagText, serves } from "../../plan/configs.ts";
import { currentManifest, type Place, type PlannedStage } from "../../plan/plan.ts";
import { planAlone, type Request } from "../../plan/plans.ts";
import type { Given } from "../../plan/settings.ts";
import type { Json } from "../../shared/artifacts/types.ts";
import { unexpected } from "../../shared/errors.ts";
import type { Stage } from "../../shared/stage.ts";
import { distanceFromDefaults } from "./distance.ts";
import { type Axis, type Point, pointsOf } from "./grid.ts";

/** A point of the grid with its trainings, one for each fold. */
export interface Cell {
  readonly point: Point;
  readonly trainings: readonly PlannedStage[];
  /** how far its settings are from the defaults */
  readonly distance: number;
}

/**
 * Plans every training of a sweep: ordinary results of the train stage, each with its key, so that
 * those that are there are known.
 *
 * @param folds how many parts the training photos are cut into, from 2
 * @param from keys of results to read instead of those of the run
 * @throws PipelineError before anything has run: where a setting is given and swept, or one of its
 * values asks for other inputs
 */
export async function planSweep(
  train: Stage,
  axes: readonly Axis[],
  folds: number,
  request: Request,
  place: Place,
  from: readonly string[],
): Promise<Cell[]> {
  refuseGivenTwice(axes, request);
  // What stops every training is said before what stops some of the swept values.
  await planAlone(train, request, place, from);
  await refuseOtherMaps(axes, request, place);
  const cells: Cell[] = [];
  for (const point of pointsOf(axes)) {
    const trainings: PlannedStage[] = [];
    for (let fold = 1; fold <= folds; fold++) {
      const settings = new Map([...request.settings, ...swept(point, `${fold}/${folds}`)]);
      trainings.push(await planAlone(train, { ...request, settings }, place, from));
    }
    cells.push({ point, trainings, distance: distanceFromDefaults(axes, trainings[0]?.config ?? {}) });
  }
  return cells;
}

function swept(point: Point, fold: string): [string, Given][] {
  return [
    ...[...point].map(([field, value]): [string, Given] => [field, { value, origin: `--sweep ${field}` }]),
    ["fold", { value: fold, origin: "--folds" }],
  ];
}

function refuseGivenTwice(axes: readonly Axis[], { settings }: Request): void {
  for (const field of [...axes.map(({ option }) => option.field), "fold"]) {
    const given = settings.get(field);
    if (given?.origin.startsWith("--") !== true) continue;
    throw unexpected("usage", {
      where: "sweep",
      expected: "a setting that is either swept or given",
      subject: given.origin,
      got: "both",
      hint: `leave ${given.origin} out`,
    });
  }
  const rate = settings.get("lr");
  if (rate?.value !== "find" || axes.some(({ option }) => option.field === "lr")) return;
  throw unexpected("usage", {
    where: "sweep",
    expected: "a rate to train with",
    subject: rate.origin,
    got: "find",
    hint: "run npx zx pipeline.ts train --lr find by itself, before the sweep",
  });
}

/**
 * What is unfrozen must begin behind what embed kept; the widest of the swept boundaries serves all
 * others.
 */
async function refuseOtherMaps(axes: readonly Axis[], { stages }: Request, place: Place): Promise<void> {
  const values = axes.find(({ option }) => option.field === "unfreeze")?.values ?? [];
  const embed = stages.find(({ name }) => name === "embed");
  const config = (await currentManifest(place, "embed"))?.config;
  if (embed === undefined || config === undefined) return;
  const leadsTo = (there: Json, wanted: Json) =>
    there === wanted || serves(embed, { ...config, unfreeze: there }, "unfreeze", wanted);
  const kept = config["unfreeze"] ?? null;
  const beyond = values.filter((value) => !leadsTo(kept, value));
  if (beyond.length === 0) return;
  const widest = values.find((one) => values.every((other) => leadsTo(one, other)));
  throw unexpected("usage", {
    where: "sweep",
    expected: `boundaries that what embed kept (--unfreeze ${flagText(kept)}) leads to`,
    subject: "--sweep unfreeze",
    got: beyond.map(flagText).join(", "),
    hint:
      widest === undefined
        ? "one kept map serves numbers of blocks, or one name: sweep those"
        : `run npx zx pipeline.ts all --unfreeze ${flagText(widest)} first: its map serves them all`,
  });
}
