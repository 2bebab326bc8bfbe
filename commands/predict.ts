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
import { answerKinds } from "./predict/answer-columns.ts";
import { type Answered, answerJson, type AnswerTable, reasonOf } from "./predict/answers.ts";
import { answersTo } from "./predict/ask.ts";
import { chosenEngine } from "./predict/engine.ts";
import { augmentationIn, type Format, formatIn } from "./predict/flags.ts";
import { type Output, printed, written } from "./predict/output.ts";
import { leftOutInWords, leftOutJson } from "./predict/left-out.ts";
import { type AskedPhoto, photosNamed, unlabelledPhotos } from "./predict/photos.ts";
import { type RowsAsked, rowsWanted } from "./predict/rows.ts";

interface PredictFlags {
  readonly photos?: readonly string[];
  readonly out?: string;
  readonly model?: string;
  readonly format?: Format;
  readonly top: string;
  readonly tta?: string;
  readonly sampleSubmission?: string;
  readonly answers?: (typeof answerKinds)[number];
  readonly positive?: string;
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
    .option("--sample-submission <file>", "with kaggle: fill this file in, its columns and rows in its order")
    .addOption(
      new Option(
        "--answers <kind>",
        "with kaggle, in one column: the likeliest class, or how likely one is",
      ).choices(answerKinds),
    )
    .option("--positive <class>", "with kaggle, in one column: how likely this class is")
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
  const { photos: found, leftOut } =
    names.length === 0 ? await unlabelledPhotos(place) : await photosNamed(names);
  const model = flags.model ?? modelOf(place, names.length === 0 || flags.run !== undefined);
  const on = await chosenEngine(flags, speaking);
  // Loaded here, as it comes with ONNX's schema and image libraries that no other command should
  // wait for.
  const { Predictor } = await import("../shared/predictor/predictor.ts");
  const { damaged } = flags;
  const { signal } = speaking;
  const predictor = await Predictor.load(model, { ...on, threads: means.workers, damaged, signal });
  try {
    const { photos, table, remarks } = await rowsWanted(wish, found, predictor.labels);
    const output =
      flags.out === undefined
        ? printed(table, wish.top, process.stdout.isTTY && wish.format === "csv" ? "table" : "csv")
        : await written(flags.out, table);
    try {
      const failed = await answerAll({ predictor, photos, wish, speaking }, output);
      const unread = failedInWords(failed, photos.length, table);
      const remark = [...leftOutInWords(leftOut), ...remarks, ...unread].join("\n");
      const { text, json } = await output.finish();
      if (flags.out !== undefined) speaking.progress("predict").line(`${photos.length} photos: ${flags.out}`);
      const unreadable = failed.map((each) => answerJson(each, 0));
      const sums = { model, photos: photos.length, unreadable, leftOut: leftOutJson(leftOut), remarks };
      speaking.answer({ text, remark, json: { ...sums, ...json } });
    } finally {
      await output.abandon();
    }
  } finally {
    await predictor.close();
  }
}

/** What is asked for. */
interface Wish extends RowsAsked {
  readonly asking: PredictManyOptions;
}

function wishIn({ format, sampleSubmission, top, batch, tta, answers, positive }: PredictFlags): Wish {
  const kaggle = { "--sample-submission": sampleSubmission, "--answers": answers, "--positive": positive };
  return {
    format: formatIn(format, kaggle),
    answers: { answers, positive },
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
  for await (const answered of answersTo(photos, predictor, wish.asking)) {
    if (speaking.signal.aborted) throw new PipelineError("interrupted", "predict: interrupted");
    if (answered.prediction === null) failed.push(answered);
    await output.add(answered);
    bar.advance();
  }
  bar.done();
  return failed;
}

/**
 * Which photos could not be read, and what stands for them: a line and some indented ones, or none.
 *
 * @throws PipelineError `data` where none could be
 */
function failedInWords(failed: readonly Answered[], count: number, table: AnswerTable): string[] {
  if (failed.length === 0) return [];
  const named = failed.slice(0, 5).map(({ id, error }) => `  ${id}: ${reasonOf(error)}`);
  const more = failed.length > 5 ? [`  and ${failed.length - 5} more`] : [];
  if (failed.length < count)
    return [
      `predict: ${failed.length} of ${count} photos could not be read; they are ${table.unreadable}`,
      ...named,
      ...more,
    ];
  const message = `predict: expected photos but none of ${count} could be read`;
  throw new PipelineError("data", [message, ...named, ...more].join("\n"));
}
