import { type Command, Option } from "commander";
import path from "node:path";
import type { BackboneFile } from "../shared/backbone/backbones.ts";
import { type BackboneChoice, chosenFile } from "../shared/backbone/chosen.ts";
import { engineNames } from "../shared/engine/engines.ts";
import { findGpus, gpusInWords } from "../shared/engine/gpus.ts";
import { type Trial, tryEngine } from "../shared/engine/trial/trial.ts";
import { exitStatus, PipelineError } from "../shared/errors.ts";
import { limitsHere } from "../shared/limits.ts";
import type { Progress } from "../shared/progress.ts";
import { lookWith } from "../shared/voice.ts";
import type { Answer, Speaking } from "./command.ts";
import { checkInJson, checksHere, checksInWords } from "./doctor/checks.ts";
import { engineInJson, engineTable, type Examined, remedies } from "./doctor/engine-table.ts";
import { describeTrace } from "./doctor/trace.ts";

/** `doctor`: what this machine can do. */
export function addDoctor(program: Command, speaking: Speaking): void {
  program
    .command("doctor")
    .description("what this machine can compute with, how fast, and what would mend the rest")
    .option(
      "--backbone <value>",
      "what to measure on: its name, or the path of an ONNX file",
      "efficientnet-lite0",
    )
    .option("--weights <file>", "a safetensors file with a resnet's weights")
    .addOption(
      new Option("--trace <engine>", "compare an engine with cpu, node by node").choices(engineNames),
    )
    .option("--artifacts <folder>", "where results would be kept", "artifacts")
    .action(async ({ trace, ...flags }: DoctorFlags) => {
      if (trace === undefined) speaking.answer(await examineMachine(flags, speaking));
      else speaking.answer(await traceEngine(await fileOf(flags, speaking), trace));
    });
}

interface DoctorFlags extends BackboneChoice {
  readonly trace?: string;
  readonly artifacts: string;
}

function fileOf(choice: BackboneChoice, { progress, signal }: Speaking): Promise<BackboneFile> {
  return chosenFile(choice, { progress: progress("doctor"), signal });
}

/** Every engine, on each device that it knows. */
const engines = [
  { engine: "cpu", device: "cpu" },
  { engine: "webgpu", device: "gpu" },
  { engine: "cuda", device: "gpu" },
  { engine: "tensorflow", device: "cpu" },
  { engine: "tensorflow", device: "gpu" },
] as const;

/** Images that go through the backbone at once: as many as the other stages' batches are about. */
const images = 8;

/** How long each engine is measured. */
const seconds = 3;

/**
 * Largest difference from `cpu` over the largest value: rounding in another order stays below it.
 */
const tolerance = 1e-3;

/**
 * What `npx zx pipeline.ts doctor` answers: what this machine has and can compute with, and what
 * would mend the rest.
 */
async function examineMachine(flags: DoctorFlags, speaking: Speaking): Promise<Answer> {
  const checks = await checksHere(path.resolve(flags.artifacts));
  const lines = [
    ...checksInWords(checks, lookWith(speaking.voice.colours.answers)),
    `${gpusInWords(findGpus())} found`,
  ];
  const wrong = checks.filter(({ state }) => state === "wrong").map(({ name }) => name);
  // Without its library or weights there is no engine to try.
  const tried = wrong.some((name) => ["onnxruntime-node", "weights"].includes(name))
    ? { lines: [], json: [], isOk: false }
    : await tryEngines(await fileOf(flags, speaking), speaking.progress("doctor"));
  const ok = wrong.length === 0 && tried.isOk;
  return {
    text: `${[...lines, ...tried.lines].join("\n")}\n`,
    json: { ok, checks: checks.map(checkInJson), engines: tried.json },
    exitStatus: ok ? 0 : exitStatus.engine,
  };
}

/** @returns `isOk`: whether the engine works that every run can fall back on */
async function tryEngines(file: BackboneFile, progress: Progress) {
  const { loadBackbone } = await import("../shared/backbone/backbone.ts");
  const { featuresOfNoise } = await import("./doctor/backbone-trial.ts");
  const graph = featuresOfNoise(await loadBackbone(file), images);
  const examined: Examined[] = [];
  // One after another: together they would slow each other down.
  for (const on of engines) {
    progress.line(`trying ${on.engine} on the ${on.device}`);
    examined.push({ ...on, outcome: await tryEngine({ ...graph, ...on, ...measured() }) });
  }
  const title = `engines on ${file.name}, ${images} images at once`;
  return {
    lines: [title, engineTable(examined, images, tolerance), ...remedies(examined, tolerance)],
    json: examined.map((each) => engineInJson(each, images)),
    isOk: examined.some(({ engine, outcome }) => engine === "cpu" && outcome.works),
  };
}

function measured(): Pick<Trial, "threads" | "seconds"> {
  return { threads: limitsHere().usable, seconds };
}

/**
 * What `doctor --trace ENGINE` prints: the engine's result beside `cpu`'s at every node of the
 * backbone.
 *
 * @throws PipelineError `engine` where it does not run the backbone at all, with its own words;
 * `usage` where there is no such one
 */
async function traceEngine(file: BackboneFile, engine: string): Promise<Answer> {
  const { loadBackbone } = await import("../shared/backbone/backbone.ts");
  const { everyNodeOfNoise } = await import("./doctor/backbone-trial.ts");
  const { nodes, ...graph } = everyNodeOfNoise(await loadBackbone(file));
  const outcome = await tryEngine({ ...graph, engine, device: "auto", threads: 1, seconds: 0 });
  if (!outcome.works)
    throw new PipelineError("engine", [`doctor: ${outcome.why}`, outcome.hint].join("\n  ").trimEnd());
  const traced = nodes.map((node) => ({
    node,
    difference: outcome.differences[node.outputs[0] ?? ""] ?? Infinity,
  }));
  const differences = traced.map(({ node, difference }) => ({
    node: node.outputs[0] ?? "",
    operator: node.op,
    difference,
  }));
  return { text: describeTrace(engine, traced, tolerance), json: { engine, tolerance, nodes: differences } };
}
