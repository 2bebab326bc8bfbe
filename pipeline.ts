import { Argument, Command, CommanderError, Option } from "commander";
import { carryOut, printPlan } from "./commands/all.ts";
import { describeBackbone } from "./commands/backbone.ts";
import { demoPhotos } from "./commands/demo.ts";
import { describeMachine, traceEngine } from "./commands/doctor.ts";
import { deleteGarbage, describeGarbage, findGarbage } from "./commands/gc.ts";
import { describeRuns } from "./commands/runs.ts";
import { setupTensorflow } from "./commands/setup.ts";
import { setupCuda } from "./commands/setup/cuda.ts";
import { describeStatus } from "./commands/status.ts";
import { summaryOf } from "./commands/summary.ts";
import { describeSweep, isSweep, readSweep, runSweep, type SweepFlags } from "./commands/sweep.ts";
import { carryOutTrial, isTrial, refuseTrial } from "./commands/trial.ts";
import { addCommonFlags, addStageFlags, usageError } from "./plan/flags.ts";
import { optionsOf } from "./plan/options.ts";
import { planAll, planAlone, planAsIs } from "./plan/plans.ts";
import { StageFailed } from "./plan/stage-process.ts";
import { type Asked, type Flags, readRequest, withData } from "./plan/session.ts";
import { type BackboneChoice, chosenFile } from "./shared/backbone/chosen.ts";
import { cacheFolder } from "./shared/cache.ts";
import { engineNames } from "./shared/engine/engines.ts";
import { exitStatus, PipelineError } from "./shared/errors.ts";
import { terminalProgress } from "./shared/progress.ts";
import type { Stage } from "./shared/stage.ts";
import { stages } from "./stages/stages.ts";

const progress = terminalProgress("pipeline");
const options = optionsOf(stages);
const signal = interruptible();

type AloneFlags = Flags & SweepFlags;

const program = new Command("pipeline.ts")
  .description(
    "From a folder of labelled photos to a tuned classifier and a feature file; every stage can run alone.",
  )
  .usage("<command> [flags]");

addStageFlags(addCommonFlags(program.command("all")), options)
  .description("run every stage that is not up to date; without --data on demo photos, fetched once")
  .option("--dry-run", "print what would run, why, and what it would take")
  .action(async (flags: Flags) => {
    const asked = await withData(await readRequest(stages, flags, askingFor(flags)), demoData);
    const plan = await planAll(asked.request, asked.place);
    refuseTrial(plan);
    if (flags["dryRun"] === true) await printPlan(plan, asked.place, write);
    else {
      await carryOut(plan, carrying(asked));
      for (const line of await summaryOf(asked.place)) progress.line(line);
    }
  });

for (const stage of stages) {
  const command = addStageFlags(addCommonFlags(program.command(stage.name)), options, stage.name)
    .description(stage.summary)
    .option("--from <key...>", "read these results instead of the run's")
    .option("--dry-run", "print whether it would run, why, and what it would take")
    .action((flags: AloneFlags) => runAlone(stage, flags));
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

function askingFor({ dryRun }: Flags) {
  return { progress, signal, planning: dryRun === true };
}

async function runAlone(stage: Stage, flags: AloneFlags): Promise<void> {
  const read = await readRequest(stages, flags, askingFor(flags));
  const asked = stage.name === "index" ? await withData(read, demoData) : read;
  if (isSweep(flags)) {
    const sweep = await readSweep(stage, flags, asked.request, carrying(asked));
    if (flags["dryRun"] === true) write(describeSweep(sweep));
    else await runSweep(sweep, { request: asked.request, flags }, carrying(asked), write);
    return;
  }
  const planned = await planAlone(stage, asked.request, asked.place, flags.from ?? []);
  if (flags["dryRun"] === true) await printPlan([planned], asked.place, write);
  else if (isTrial(planned)) await carryOutTrial(planned, carrying(asked), write);
  else await carryOut([planned], carrying(asked));
}

addStageFlags(addCommonFlags(program.command("status")), options)
  .description("what is there, what is stale, and which component made it so")
  .action(async (flags: Flags) => {
    const asked = await withData(await readRequest(stages, flags, { progress, signal, planning: true }), () =>
      Promise.resolve(null),
    );
    if (!asked.request.settings.has("data"))
      write(`run ${asked.place.run}: nothing yet; npx zx pipeline.ts all starts it\n`);
    else write(await describeStatus(await planAsIs(asked.request, asked.place), asked.place));
  });

addCommonFlags(program.command("runs"))
  .description("list the named runs; of two or more, what differs in their settings and results")
  .argument("[names...]", "runs to compare")
  .action(async (names: string[], flags: Flags) => {
    const { place } = await readRequest(stages, flags, { progress, signal });
    const order = stages.map(({ name }) => name);
    write(await describeRuns(names, order, place));
  });

addCommonFlags(program.command("gc"))
  .description("list results on which no run stands; unfinished work is spared")
  .option("--delete", "delete them")
  .action(async (flags: Flags) => {
    const { place } = await readRequest(stages, flags, { progress, signal });
    const names = stages.map(({ name }) => name);
    const garbage = await findGarbage(names, place.store, place.refs);
    if (flags["delete"] === true) await deleteGarbage(garbage, place.store);
    write(describeGarbage(garbage, flags["delete"] === true));
  });

program
  .command("backbone")
  .description("print the blocks, nodes, shapes and parameters of a backbone")
  .option("--backbone <value>", "its name, or the path of an ONNX file", "efficientnet-lite0")
  .option("--weights <file>", "a safetensors file with a resnet's weights")
  .action(async (choice: BackboneChoice) => {
    write(await describeBackbone(await chosenFile(choice, { progress, signal })));
  });

program
  .command("doctor")
  .description("what this machine can compute with, how fast, and what would mend the rest")
  .option(
    "--backbone <value>",
    "what to measure on: its name, or the path of an ONNX file",
    "efficientnet-lite0",
  )
  .option("--weights <file>", "a safetensors file with a resnet's weights")
  .addOption(new Option("--trace <engine>", "compare an engine with cpu, node by node").choices(engineNames))
  .action(async (choice: BackboneChoice & { trace?: string }) => {
    const speaking = { progress: terminalProgress("doctor"), signal };
    const file = await chosenFile(choice, speaking);
    const { trace } = choice;
    write(
      trace === undefined ? await describeMachine(file, speaking.progress) : await traceEngine(file, trace),
    );
  });

program
  .command("setup")
  .description("build what an engine needs that npm does not bring")
  .addArgument(new Argument("<what>", "the engine").choices(["tensorflow", "cuda"]))
  .option("--cuda", "tensorflow with CUDA's libraries, for an NVIDIA GPU")
  .action(async (what: string, { cuda = false }: { cuda?: boolean }) => {
    if (what === "cuda") await setupCuda(terminalProgress("setup"), signal);
    else await setupTensorflow({ cuda }, terminalProgress("setup"), signal);
  });

async function demoData(): Promise<string> {
  return demoPhotos(cacheFolder(), progress, signal);
}

function carrying({ place, means }: Asked) {
  return { place, means, progress, signal };
}

function write(text: string): void {
  process.stdout.write(text);
}

/** Aborted by Ctrl-C. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    controller.abort();
  };
  process.on("SIGINT", abort).on("SIGTERM", abort);
  return controller.signal;
}

try {
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ outputError: () => undefined });
  await program.parseAsync(
    process.argv.slice(process.argv.findIndex((word) => word.endsWith("pipeline.ts")) + 1),
    { from: "user" },
  );
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong, without a stack where the user can mend it, and answers the exit status. */
function report(error: unknown): number {
  if (error instanceof StageFailed) return error.exitStatus;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0 || error.code === "commander.help") return 0;
    const named = program.commands.find((each) => process.argv.includes(each.name()));
    return report(usageError(error, named ?? program));
  }
  if (!(error instanceof PipelineError)) throw error;
  process.stderr.write(
    error.code === "interrupted" ? "pipeline: stopped; finished work is kept\n" : `${error.message}\n`,
  );
  return exitStatus[error.code];
}
