import path from "node:path";
import { type Command, Option } from "commander";
import { addCommonFlags } from "../plan/flags.ts";
import type { Place } from "../plan/plan.ts";
import { type Flags, readRequest } from "../plan/session.ts";
import { engineNames } from "../shared/engine/engines.ts";
import { PipelineError } from "../shared/errors.ts";
import type { Damaged } from "../shared/image/judged.ts";
import type { PredictManyOptions, Predictor } from "../shared/predictor/predictor.ts";
import { wholeNumber } from "../shared/whole-number.ts";
import { stages } from "../stages/stages.ts";
import { askingWith, type Speaking } from "./command.ts";
import {
  type Answered,
  answerJson,
  type AnswerTable,
  likeliestTable,
  reasonOf,
  submissionTable,
} from "./predict/answers.ts";
import { chosenEngine } from "./predict/engine.ts";
import { augmentationIn, type Format, formatIn } from "./predict/flags.ts";
import { type Output, printed, written } from "./predict/output.ts";
import { type AskedPhoto, photosNamed, unlabelledPhotos } from "./predict/photos.ts";
import { byFileName, readSampleSubmission } from "./predict/sample-submission.ts";

interface PredictFlags {
  readonly photos?: readonly string[];
  readonly out?: string;
  readonly model?: string;
  readonly format?: Format;
  readonly top: string;
  readonly tta?: string;
  readonly sampleSubmission?: string;
  readonly engine: string;
  readonly device: string;
  readonly batch: string;
  readonly damaged: Damaged;
  readonly run?: string;
  readonly artifacts?: string;
  readonly config?: string;
  readonly workers?: string;
}

/** `predict`: what the trained model says of other photos. */
export function addPredict(program: Command, speaking: Speaking): void {
  addCommonFlags(program.command("predict"))
    .description("what the trained model says of photos; without any, of the data set's unlabelled ones")
    .argument("[photos...]", "photos, or folders of them")
    .option("--photos <paths...>", "the same")
    .option("--out <file>", "write the answers there; without it they are printed")
    .option("--model <file>", "a model.onnx (default: the one under the artifacts)")
    .addOption(
      new Option(
        "--format <form>",
        "csv: the likeliest classes of each photo; kaggle: id and a column a class",
      ).choices(["csv", "kaggle"]),
    )
    .option("--sample-submission <file>", "with kaggle: take columns and rows in this file's order")
    .option("--top <n>", "with csv: how many of the likeliest classes", "5")
    .option("--tta <flip|n>", "mean over views: the clean one and its mirror image, or n with random ones")
    .addOption(
      new Option("--engine <engine>", "what computes").choices(["auto", ...engineNames]).default("auto"),
    )
    .addOption(new Option("--device <device>", "where").choices(["auto", "cpu", "gpu"]).default("auto"))
    .option("--batch <n>", "views at once", "16")
    .addOption(
      new Option(
        "--damaged <choice>",
        "photos whose pixels break off: drop lists them with an error, keep takes what can be decoded",
      )
        .choices(["drop", "keep"])
        .default("drop"),
    )
    .action((named: string[], flags: PredictFlags) => runPredict(named, flags, speaking));
}

async function runPredict(named: readonly string[], flags: PredictFlags, speaking: Speaking): Promise<void> {
  const wish = wishIn(flags);
  const { place, means } = await readRequest(stages, placeFlags(flags), askingWith(speaking, true));
  const names = [...named, ...(flags.photos ?? [])];
  const found = names.length === 0 ? await unlabelledPhotos(place) : await photosNamed(names);
  const model = flags.model ?? modelOf(place, names.length === 0 || flags.run !== undefined);
  const on = await chosenEngine(flags, speaking);
  // Loaded here, as it comes with ONNX's schema and image libraries that no other command should wait for.
  const { Predictor } = await import("../shared/predictor/predictor.ts");
  const { damaged } = flags;
  const { signal } = speaking;
  const predictor = await Predictor.load(model, { ...on, threads: means.workers, damaged, signal });
  try {
    const { photos, table } = await asWished(wish, found, predictor.labels);
    const output =
      flags.out === undefined
        ? printed(table, wish.top, process.stdout.isTTY && wish.format === "csv" ? "table" : "csv")
        : await written(flags.out, table);
    try {
      const failed = await answerAll({ predictor, photos, wish, speaking }, output);
      const remark = failedInWords(failed, photos.length, wish.format);
      const { text, json } = await output.finish();
      if (flags.out !== undefined) speaking.progress("predict").line(`${photos.length} photos: ${flags.out}`);
      const unreadable = failed.map((each) => answerJson(each, 0));
      speaking.answer({ text, remark, json: { model, photos: photos.length, unreadable, ...json } });
    } finally {
      await output.abandon();
    }
  } finally {
    await predictor.close();
  }
}

/** What is asked for. */
interface Wish {
  readonly format: Format;
  readonly top: number;
  readonly sample: string | undefined;
  readonly asking: PredictManyOptions;
}

function wishIn({ format, sampleSubmission, top, batch, tta }: PredictFlags): Wish {
  return {
    format: formatIn(format, sampleSubmission),
    top: wholeNumber("--top", top, { where: "predict" }),
    sample: sampleSubmission,
    asking: {
      batch: wholeNumber("--batch", batch, { where: "predict" }),
      ...(tta === undefined ? {} : { tta: augmentationIn(tta) }),
    },
  };
}

function placeFlags({ run, artifacts, config, workers }: PredictFlags): Flags {
  const given = Object.entries({ run, artifacts, config, workers });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** The model of a run, or the one that was made last. */
function modelOf({ store, run }: Place, ofRun: boolean): string {
  return path.relative("", store.path(ofRun ? `runs/${run}/model.onnx` : "model.onnx"));
}

/** The photos in the order that is wanted, under the ids that they have there, and the form of the answers. */
async function asWished(
  { format, top, sample }: Wish,
  found: readonly AskedPhoto[],
  labels: readonly string[],
): Promise<{ photos: readonly AskedPhoto[]; table: AnswerTable }> {
  if (format === "csv") return { photos: found, table: likeliestTable(Math.min(top, labels.length)) };
  const named = byFileName(found);
  const submission =
    sample === undefined
      ? { idName: "id", classes: labels, photos: [...named.values()] }
      : await readSampleSubmission(sample, labels, named);
  return { photos: submission.photos, table: submissionTable(submission.idName, submission.classes) };
}

interface Question {
  readonly predictor: Predictor;
  readonly photos: readonly AskedPhoto[];
  readonly wish: Wish;
  readonly speaking: Speaking;
}

/** Passes every photo's answer on, and returns those of the photos that could not be read. */
async function answerAll(
  { predictor, photos, wish, speaking }: Question,
  output: Output,
): Promise<Answered[]> {
  const failed: Answered[] = [];
  const bar = speaking.progress("predict").bar("predicting", photos.length, "photos");
  const files = photos.map(({ file }) => file);
  let next = 0;
  for await (const { prediction = null, error = null } of predictor.predictMany(files, wish.asking)) {
    if (speaking.signal.aborted) throw new PipelineError("interrupted", "predict: interrupted");
    const answered = { id: photos[next++]?.id ?? "", prediction, error };
    if (prediction === null) failed.push(answered);
    await output.add(answered);
    bar.advance();
  }
  bar.done();
  return failed;
}

/**
 * Which photos could not be read, and what stands for them; "" where all could be.
 *
 * @throws PipelineError `data` where none could be
 */
function failedInWords(failed: readonly Answered[], count: number, format: Format): string {
  if (failed.length === 0) return "";
  const named = failed.slice(0, 5).map(({ id, error }) => `  ${id}: ${reasonOf(error)}`);
  const more = failed.length > 5 ? [`  and ${failed.length - 5} more`] : [];
  const list = [...named, ...more].join("\n");
  if (failed.length === count)
    throw new PipelineError("data", `predict: expected photos but none of ${count} could be read\n${list}`);
  const instead =
    format === "csv" ? "listed with an error and no label" : "given the same probability for every class";
  return `predict: ${failed.length} of ${count} photos could not be read; they are ${instead}\n${list}`;
}
