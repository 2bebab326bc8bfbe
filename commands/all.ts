import type { Command } from "commander";
import path from "node:path";
import { costed, describePlan, planInJson } from "../plan/describe.ts";
import { addCommonFlags, addStageFlags } from "../plan/flags.ts";
import { idleFlags } from "../plan/needs.ts";
import { optionsOf } from "../plan/options.ts";
import { type Flags, readRequest, withData } from "../plan/session.ts";
import { stages } from "../stages/stages.ts";
import { carrying } from "./carry-out.ts";
import { askingWith, type Speaking } from "./command.ts";
import { demoData } from "./demo.ts";
import { expectRoom, expectWritable } from "./preflight.ts";
import { outcomesInJson } from "./results.ts";
import { planFor, runPlan } from "./run.ts";
import { summaryOf } from "./summary.ts";

/** `all`: every stage, in order. */
export function addAll(program: Command, speaking: Speaking): void {
  addStageFlags(addCommonFlags(program.command("all")), optionsOf(stages))
    .description("run every stage that is not up to date; without --data on demo photos, fetched once")
    .option("--dry-run", "print what would run, why, and what it would take")
    .action((flags: Flags) => runAll(flags, speaking));
}

async function runAll(flags: Flags, speaking: Speaking): Promise<void> {
  const dryRun = flags["dryRun"] === true;
  if (!dryRun) await expectWritable(path.resolve(flags.artifacts ?? "artifacts"));
  const read = await readRequest(stages, flags, askingWith(speaking, dryRun));
  const asked = await withData(read, () => demoData(speaking));
  const plan = await planFor("all", asked);
  if (dryRun) {
    const foreseen = await costed(plan, asked.place);
    speaking.answer({ text: describePlan(foreseen), json: planInJson(foreseen) });
    return;
  }
  await expectRoom(plan, asked.place);
  const leftOut = plan.filter(({ state }) => state === "left out").map(({ stage }) => stage.name);
  const idle = idleFlags(leftOut, asked.request.options, asked.request.settings);
  const progress = speaking.progress("pipeline");
  if (idle.length > 0)
    progress.line(`${idle.join(", ")} changes nothing, as ${leftOut.join(", ")} is left out`);
  const { outcomes } = await runPlan(plan, carrying(asked, speaking));
  for (const line of await summaryOf(asked.place)) progress.line(line);
  speaking.answer({ text: "", json: outcomesInJson(outcomes, asked.place) });
}
