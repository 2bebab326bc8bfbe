import { type Command, Option } from "commander";
import { availableParallelism } from "node:os";
import { type Backbone, loadBackbone } from "../shared/backbone/backbone.ts";
import type { BackboneFile } from "../shared/backbone/backbones.ts";
import { type BackboneChoice, chosenFile } from "../shared/backbone/chosen.ts";
import { engineNames } from "../shared/engine/engines.ts";
import { findGpus, gpusInWords } from "../shared/engine/gpus.ts";
import { type Trial, tryEngine } from "../shared/engine/trial/trial.ts";
import { PipelineError } from "../shared/errors.ts";
import type { Progress } from "../shared/progress.ts";
import type { Speaking } from "./command.ts";
import { everyNodeOfNoise, featuresOfNoise } from "./doctor/backbone-trial.ts";
import { engineTable, type Examined, remedies } from "./doctor/engine-table.ts";
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
    .action(async ({ trace, ...choice }: BackboneChoice & { trace?: string }) => {
      const progress = speaking.progress("doctor");
      const file = await chosenFile(choice, { progress, signal: speaking.signal });
      const text =
        trace === undefined ? await describeMachine(file, progress) : await traceEngine(file, trace);
      speaking.answer({ text, json: null });
    });
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

/** Largest difference from `cpu` over the largest value: rounding in another order stays below it. */
const tolerance = 1e-3;

/** What `npx zx pipeline.ts doctor` prints: what this machine can compute with, and what would mend the rest. */
async function describeMachine(file: BackboneFile, progress: Progress): Promise<string> {
  const backbone = await loadBackbone(file);
  return [`${gpusInWords(findGpus())} found`, await describeEngines(backbone, progress)].join("\n");
}

async function describeEngines(backbone: Backbone, progress: Progress): Promise<string> {
  const graph = featuresOfNoise(backbone, images);
  const examined: Examined[] = [];
  // One after another: together they would slow each other down.
  for (const on of engines) {
    progress.line(`trying ${on.engine} on the ${on.device}`);
    examined.push({ ...on, outcome: await tryEngine({ ...graph, ...on, ...measured() }) });
  }
  const title = `engines on ${backbone.name}, ${images} images at once`;
  const lines = [title, engineTable(examined, images, tolerance), ...remedies(examined, tolerance)];
  return `${lines.join("\n")}\n`;
}

function measured(): Pick<Trial, "threads" | "seconds"> {
  return { threads: availableParallelism(), seconds };
}

/**
 * What `doctor --trace ENGINE` prints: the engine's result beside `cpu`'s at every node of the backbone.
 *
 * @throws PipelineError `engine` where it does not run the backbone at all, with its own words; `usage` where there is no such one
 */
async function traceEngine(file: BackboneFile, engine: string): Promise<string> {
  const { nodes, ...graph } = everyNodeOfNoise(await loadBackbone(file));
  const outcome = await tryEngine({ ...graph, engine, device: "auto", threads: 1, seconds: 0 });
  if (!outcome.works)
    throw new PipelineError("engine", [`doctor: ${outcome.why}`, outcome.mend].join("\n  ").trimEnd());
  const traced = nodes.map((node) => ({
    node,
    difference: outcome.differences[node.outputs[0] ?? ""] ?? Infinity,
  }));
  return describeTrace(engine, traced, tolerance);
}
