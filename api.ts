import type { StageOutcome } from "./commands/results.ts";
import { planFor, runPlan } from "./commands/run.ts";
import { optionsOf } from "./plan/options.ts";
import { requestWith, withData } from "./plan/session.ts";
import { settingsIn } from "./plan/settings.ts";
import { unexpected } from "./shared/errors.ts";
import { spokenProgress } from "./shared/progress.ts";
import { plainVoice } from "./shared/voice.ts";
import { stages, type StagesConfig } from "./stages/stages.ts";

export { defineConfig } from "./plan/config.ts";
export { type ErrorCode, PipelineError } from "./shared/errors.ts";
export type { TestTimeAugmentation } from "./shared/predictor/asked-views.ts";
export type { PhotoSource } from "./shared/predictor/photo-pixels.ts";
export type { LabelProbability, Prediction } from "./shared/predictor/prediction.ts";
export {
  type Predicted,
  type PredictManyOptions,
  type PredictOptions,
  Predictor,
  type PredictorOptions,
} from "./shared/predictor/predictor.ts";
export type { StageOutcome, StagesConfig };

/** The stages, in the order in which data flows. */
export type StageName = "index" | "augment" | "embed" | "train" | "export" | "report";

/** Where a run keeps its results, and how it is followed and stopped. */
export interface RunOptions {
  /** the folder of results; "artifacts" by default */
  readonly artifacts?: string;
  /** the run that moves on; "default" by default */
  readonly run?: string;
  /** processes or threads for photos; by default as many as the machine has cores */
  readonly workers?: number;
  /** is told what happens, in lines such as "train: epoch 3/30: loss 0.41, …" */
  readonly onProgress?: (line: string) => void;
  /** stops the run within a second or so; what is finished stays */
  readonly signal?: AbortSignal;
}

/**
 * Runs every stage that is not up to date, as `npx zx pipeline.ts all` does. Where no photo has a
 * label, `train` is "left out" and has no files.
 *
 * @param config settings of any stage; the file pipeline.config.ts is not read
 * @throws PipelineError where something is wrong that the caller can correct; its message says how
 * @example
 * const { train } = await run("all", { data: "./dogs", unfreeze: "2" }, { onProgress: console.error });
 * console.log(train.facts["accuracy"], fileOf(train, "model.onnx"));
 */
export async function run(
  stage: "all",
  config?: StagesConfig,
  options?: RunOptions,
): Promise<Readonly<Record<StageName, StageOutcome>>>;
/**
 * Runs one stage on the results on which the run stands.
 *
 * @param config settings of that stage; those of earlier stages stay as they were
 * @throws PipelineError `artifact` where an earlier stage has not run yet, and as above
 * @example
 * await run("train", { lr: 3e-4 });
 * const { facts } = await run("export");
 */
export async function run(
  stage: StageName,
  config?: StagesConfig,
  options?: RunOptions,
): Promise<StageOutcome>;
export async function run(
  stage: StageName | "all",
  config: StagesConfig = {},
  options: RunOptions = {},
): Promise<StageOutcome | Readonly<Record<StageName, StageOutcome>>> {
  const { artifacts, run: name, workers, signal = new AbortController().signal } = options;
  const heard = options.onProgress ?? (() => undefined);
  const progress = spokenProgress((text) => {
    heard(`pipeline: ${text}`);
  });
  const fields = optionsOf(stages);
  const read = await requestWith(
    stages,
    fields,
    settingsIn(fields, config, "config"),
    { artifacts, run: name, workers, part: undefined },
    { progress, signal, voice: plainVoice },
  );
  const asked = await withData(read, () => Promise.resolve(null));
  const { means, place } = asked;
  const plan = await planFor(stageNamed(stage), asked);
  const { outcomes } = await runPlan(plan, { place, progress, signal, means: { ...means, heard } });
  return stage === "all" ? byName(outcomes) : (outcomes[0] as StageOutcome); // one stage has one outcome
}

/**
 * The path of a file of a result.
 *
 * @throws PipelineError `artifact` where it has none of that name
 * @example
 * fileOf(await run("train"), "model.onnx");
 */
export function fileOf({ stage, key, state, files }: StageOutcome, name: string): string {
  const file = files.find((each) => each.name === name);
  if (file !== undefined) return file.path;
  if (state === "left out")
    throw unexpected("artifact", {
      where: stage,
      expected: "a result",
      subject: name,
      got: "none, as it was left out: the photos have no labels",
    });
  throw unexpected("artifact", {
    where: stage,
    expected: `one of ${files.map((each) => each.name).join(", ")}`,
    subject: key.slice(0, 12),
    got: name,
  });
}

function stageNamed(name: string): (typeof stages)[number] | "all" {
  const stage = name === "all" ? name : stages.find((each) => each.name === name);
  if (stage !== undefined) return stage;
  throw unexpected("usage", {
    where: "pipeline",
    expected: `all, ${stages.map((each) => each.name).join(", ")}`,
    subject: "run",
    got: name,
  });
}

function byName(outcomes: readonly StageOutcome[]): Readonly<Record<StageName, StageOutcome>> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome.stage, outcome])) as Readonly<
    Record<StageName, StageOutcome>
  >;
}
