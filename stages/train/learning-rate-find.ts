import { writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify } from "csv-stringify/sync";
import { PipelineError } from "../../shared/errors.ts";
import type { StageResult } from "../../shared/stage.ts";
import { batchesInEpoch, type Fit, stepsInEpoch } from "./fit.ts";
import {
  curveOf,
  type Curve,
  isDiverging,
  suggestionOf,
  type TriedRate,
} from "./learning-rate-find-curve.ts";
import { svgPlot, textPlot } from "./learning-rate-find-plot.ts";
import type { Phase } from "./phases.ts";
import { viewOfEpoch } from "./recipe.ts";

/** A range test: what it trains, on what. */
export interface RangeTest extends Pick<Fit, "recipe" | "maps" | "examples" | "seed" | "trainer" | "signal"> {
  /** what is unfrozen while rates are tried */
  readonly phase: Phase;
}

const [lowest, highest] = [1e-6, 1];
/** Fewer would leave too few of them to a decade. */
const fewestSteps = 100;

/**
 * The learning rate range test: one training in which every step has a higher rate than the one before, from 1e-6 to 1 at equal ratios,
 * over an epoch's worth of steps, until the loss diverges (Smith, "Cyclical Learning Rates for Training Neural Networks", 2017,
 * section 3.3, who raised it along a line; at equal ratios each decade has as many steps). Writes
 * learning-rates.csv, .svg and .txt, the last for the terminal. What was trained is thrown away.
 *
 * It is on the view of the first epoch throughout, so that no rate is judged by a harder view than another.
 */
export async function findLearningRate(test: RangeTest, workspace: string): Promise<StageResult> {
  const tried = await tryRates(test);
  await test.trainer.close();
  const curve = curveOf(tried);
  const suggested = suggestionOf(curve);
  const files = {
    "learning-rates.csv": stringify([...curve], {
      header: true,
      columns: ["learningRate", "loss", "smoothedLoss"],
    }),
    "learning-rates.svg": svgPlot(curve, suggested),
    "learning-rates.txt": `${textPlot(curve, suggested)}${inWords(curve, suggested)}`,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(workspace, name), content);
  return { files: Object.keys(files), facts: { suggested, steps: tried.length } };
}

async function tryRates(test: RangeTest): Promise<TriedRate[]> {
  const steps = Math.max(fewestSteps, stepsInEpoch(test));
  const view = viewOfEpoch(test.recipe, 0, test.maps.views);
  await test.trainer.enter(test.phase);
  const tried: TriedRate[] = [];
  for (let epoch = 0; ; epoch++)
    for await (const batch of batchesInEpoch(test, epoch, view)) {
      if (test.signal.aborted) throw new PipelineError("interrupted", "train: stopped");
      const learningRate = lowest * (highest / lowest) ** (tried.length / (steps - 1));
      const done = await stepOrNull(test.trainer.step(batch, learningRate), tried.length);
      if (done !== null) tried.push({ learningRate, ...done });
      if (done === null || tried.length === steps || isDiverging(tried)) return tried;
    }
}

/** Null where the loss is no number any more: the rate is far too high. Before any step was made, it is not to blame. */
async function stepOrNull<Done>(step: Promise<Done>, made: number): Promise<Done | null> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof PipelineError && error.code === "usage" && made > 0) return null;
    throw error;
  }
}

function inWords(curve: Curve, suggested: number | null): string {
  if (suggested === null) return "no rate is suggested: the loss falls at none of them\n";
  const end = curve.at(-1)?.learningRate ?? highest;
  const stopped = end < highest ? `; at ${end.toPrecision(2)} it has diverged` : "";
  return (
    `the loss falls steepest, over the rate's logarithm, at ${String(suggested)}${stopped}\n` +
    `  the same command with --lr ${String(suggested)} trains with it\n`
  );
}
