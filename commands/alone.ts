import type { Command } from "commander";
import { costed, describePlan, planInJson } from "../plan/describe.ts";
import { addCommonFlags, addStageFlags } from "../plan/flags.ts";
import { optionsOf } from "../plan/options.ts";
import type { Place, PlannedStage } from "../plan/plan.ts";
import { type Flags, readRequest, withData } from "../plan/session.ts";
import type { Stage } from "../shared/stage.ts";
import { stages } from "../stages/stages.ts";
import { type Carrying, carrying } from "./carry-out.ts";
import { type Answer, askingWith, type Speaking } from "./command.ts";
import { demoData } from "./demo.ts";
import { outcomesInJson } from "./results.ts";
import { planFor, runPlan } from "./run.ts";
import { describeSweep, isSweep, readSweep, runSweep, type SweepFlags } from "./sweep.ts";

type AloneFlags = Flags & SweepFlags;

/** A command of its own for each stage, which runs it on the results that are there. */
export function addStages(program: Command, speaking: Speaking): void {
  for (const stage of stages) addStage(program, stage, speaking);
}

function addStage(program: Command, stage: Stage, speaking: Speaking): void {
  const command = addStageFlags(addCommonFlags(program.command(stage.name)), optionsOf(stages), stage.name)
    .description(stage.summary)
    .option("--from <key...>", "read these results instead of the run's")
    .option("--dry-run", "print whether it would run, why, and what it would take")
    .action((flags: AloneFlags) => runAlone(stage, flags, speaking));
  if (["augment", "embed"].includes(stage.name))
    command.option(
      "--part <i/N>",
      "make only the i-th of N shares of the shards; auto: the task of an array job",
    );
  if (stage.name === "train")
    command
      .option(
        "--sweep <name=values...>",
        "cross-validate every combination on the training photos: lr=1e-4..1e-2 unfreeze=0,2,4",
      )
      .option("--folds <n>", "with --sweep: parts that the training photos are cut into (default: 5)")
      .option("--points <n>", "with --sweep: how many values a range LOW..HIGH has (default: 4)");
}

async function runAlone(stage: Stage, flags: AloneFlags, speaking: Speaking): Promise<void> {
  const dryRun = flags["dryRun"] === true;
  const read = await readRequest(stages, flags, askingWith(speaking, dryRun));
  const asked = stage.name === "index" ? await withData(read, () => demoData(speaking)) : read;
  const means = carrying(asked, speaking);
  if (isSweep(flags)) {
    const sweep = await readSweep(stage, flags, asked.request, means);
    if (dryRun) speaking.answer(describeSweep(sweep));
    else speaking.answer(await runSweep(sweep, { request: asked.request, flags }, means));
    return;
  }
  const plan = await planFor(stage, asked, flags.from);
  speaking.answer(dryRun ? await foreseen(plan, asked.place) : await made(plan, means));
}

async function foreseen(plan: readonly PlannedStage[], place: Place): Promise<Answer> {
  const priced = await costed(plan, place);
  return { text: describePlan(priced), json: planInJson(priced) };
}

async function made(plan: readonly PlannedStage[], means: Carrying): Promise<Answer> {
  const { text, outcomes } = await runPlan(plan, means);
  return { text, json: outcomesInJson(outcomes, means.place) };
}
