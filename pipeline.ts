import "./commands/machine/demand-node.ts";
import { addAll } from "./commands/all.ts";
import { addStages } from "./commands/alone.ts";
import { addBackbone } from "./commands/backbone.ts";
import { addClassify } from "./commands/classify.ts";
import { addCompletion } from "./commands/completion.ts";
import { addDoctor } from "./commands/doctor.ts";
import { failureOf } from "./commands/failure.ts";
import { addGc } from "./commands/gc.ts";
import { addInit } from "./commands/init.ts";
import { addPredict } from "./commands/predict.ts";
import { addRuns } from "./commands/runs.ts";
import { addSetup } from "./commands/setup.ts";
import { commandLine, endWithReader } from "./commands/speaking.ts";
import { addStatus } from "./commands/status.ts";
import { newProgram } from "./plan/flags.ts";

const commands = [
  addInit,
  addAll,
  addStages,
  addPredict,
  addClassify,
  addStatus,
  addRuns,
  addGc,
  addBackbone,
  addDoctor,
  addSetup,
  addCompletion,
];

const words = process.argv.slice(process.argv.findIndex((word) => word.endsWith("pipeline.ts")) + 1);
endWithReader(process.stdout);
endWithReader(process.stderr);
const { speaking, fail } = commandLine(words, process);
const program = newProgram();
for (const add of commands) add(program, speaking);

try {
  await program.parseAsync(words, { from: "user" });
} catch (error) {
  const failure = failureOf(error, program, words);
  if (failure !== null) fail(failure);
}
