import { Command, CommanderError } from "commander";
import { addAll } from "./commands/all.ts";
import { addStages } from "./commands/alone.ts";
import { addBackbone } from "./commands/backbone.ts";
import type { Speaking } from "./commands/command.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addGc } from "./commands/gc.ts";
import { addRuns } from "./commands/runs.ts";
import { addSetup } from "./commands/setup.ts";
import { addStatus } from "./commands/status.ts";
import { usageError } from "./plan/flags.ts";
import { StageFailed } from "./plan/stage-process.ts";
import { exitStatus, PipelineError } from "./shared/errors.ts";
import { terminalProgress } from "./shared/progress.ts";

const commands = [addAll, addStages, addStatus, addRuns, addGc, addBackbone, addDoctor, addSetup];

const program = new Command("pipeline.ts")
  .description(
    "From a folder of labelled photos to a tuned classifier and a feature file; every stage can run alone.",
  )
  .usage("<command> [flags]")
  .exitOverride()
  .configureOutput({ outputError: () => undefined });

const speaking: Speaking = {
  signal: interruptible(),
  progress: (where) => terminalProgress(where),
  answer: ({ text }) => void process.stdout.write(text),
};

for (const add of commands) add(program, speaking);

try {
  await program.parseAsync(
    process.argv.slice(process.argv.findIndex((word) => word.endsWith("pipeline.ts")) + 1),
    { from: "user" },
  );
} catch (error) {
  process.exitCode = report(error);
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
