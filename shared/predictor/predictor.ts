import { engineNamed } from "../engine/engines.ts";
import type { ComputeDevice, Session } from "../engine/engine.ts";
import { shrinkingBatch } from "../engine/out-of-memory.ts";
import { throughGraph } from "../engine/rows.ts";
import { PipelineError, unexpected } from "../errors.ts";
import type { Damaged } from "../image/judged.ts";
import { limitsHere } from "../limits.ts";
import { workedAhead } from "./ahead.ts";
import { mostViews, type TestTimeAugmentation, viewCount } from "./asked-views.ts";
import { type ClassifierFile, readClassifier } from "./classifier-file.ts";
import type { PhotoSource } from "./photo-pixels.ts";
import { type PhotoReader, photoReader } from "./photo-reader.ts";
import { meanOfViews, type Prediction, predictionOf } from "./prediction.ts";

export interface PredictorOptions {
  /** what computes: "cpu" (the default), "webgpu", "cuda" or "tensorflow" */
  readonly engine?: string;
  /** where an engine computes that has the choice: "auto" (the default), "cpu" or "gpu" */
  readonly device?: ComputeDevice;
  /** threads that compute; by default as many as there are cores that this process may use */
  readonly threads?: number;
  /** pixels above which a photo is refused before it is decoded; 100 million by default */
  readonly maxPixels?: number;
  /**
   * what becomes of photos whose pixels break off: "drop" (the default) refuses them, "keep" takes
   * what can be decoded
   */
  readonly damaged?: Damaged;
  /** once it is aborted, whoever waits for an answer gets a PipelineError `interrupted` */
  readonly signal?: AbortSignal;
}

export interface PredictOptions {
  /**
   * asks about several views of each photo and takes the mean; by default about the clean view
   * alone
   */
  readonly tta?: TestTimeAugmentation;
}

export interface PredictManyOptions extends PredictOptions {
  /** views that go through the network at once; 16 by default */
  readonly batch?: number;
}

/**
 * What became of one of many photos: a prediction, or the error that says why it cannot be read.
 */
export type Predicted<Source extends PhotoSource = PhotoSource> = { readonly photo: Source } & (
  | { readonly prediction: Prediction; readonly error?: never }
  | { readonly error: PipelineError; readonly prediction?: never }
);

/**
 * A trained classifier, ready to be asked about photos. It needs the file `model.onnx` alone:
 * labels and preprocessing are in it, and its probabilities are calibrated. Photos are decoded in a
 * process of its own, so that one that brings the decoder down is an error that names it; until it
 * is closed that process waits for more, without keeping the program from ending.
 *
 * @example
 * const predictor = await Predictor.load("artifacts/model.onnx");
 * const { label, probability } = await predictor.predict("rex.jpg");
 * await predictor.close();
 */
export class Predictor {
  readonly #model: ClassifierFile;
  readonly #session: Session;
  readonly #reader: PhotoReader;

  private constructor(model: ClassifierFile, session: Session, reader: PhotoReader) {
    this.#model = model;
    this.#session = session;
    this.#reader = reader;
  }

  /**
   * Reads a model that train wrote.
   *
   * @throws PipelineError `artifact` where there is no such file, `usage` where it is another one, `engine` where the engine
   *   does not run here
   */
  static async load(file: string, options: PredictorOptions = {}): Promise<Predictor> {
    const { threads = limitsHere().usable, maxPixels = 100_000_000, damaged = "drop" } = options;
    const { signal = new AbortController().signal } = options;
    const model = await readClassifier(file);
    const engine = await engineNamed(options.engine ?? "cpu", options.device);
    const session = await engine.load(model.bytes, { threads });
    const { resize, side, background } = model;
    const wanted = { resize, side, maxPixels, background, damaged };
    return new Predictor(model, session, photoReader(wanted, { threads, signal }));
  }

  /** The classes, in sorted order. */
  get labels(): readonly string[] {
    return this.#model.labels;
  }

  /**
   * Asks about one photo.
   *
   * @param photo the path of its file, or its bytes
   * @throws PipelineError `data` where the photo cannot be read
   * @example
   * for (const { label, probability } of (await predictor.predict(bytes)).probabilities.slice(0, 5))
   *   console.log(label, probability);
   */
  async predict(photo: PhotoSource, { tta }: PredictOptions = {}): Promise<Prediction> {
    for await (const { prediction, error } of this.predictMany([photo], tta === undefined ? {} : { tta })) {
      if (prediction !== undefined) return prediction;
      throw error;
    }
    throw new Error("one photo has one answer");
  }

  /**
   * Asks about many photos, in batches; the next ones are read and decoded meanwhile. The answers come in the photos' order, and
   * a photo that cannot be read is among them with its error.
   *
   * @param photos paths or bytes; taken as they are needed, so that there may be any number of them
   * @example
   * for await (const { photo, prediction, error } of predictor.predictMany(["a.jpg", "b.jpg"], { tta: "flip" }))
   *   console.log(photo, prediction?.label ?? error.message);
   */
  async *predictMany<Source extends PhotoSource>(
    photos: Iterable<Source> | AsyncIterable<Source>,
    { tta, batch = 16 }: PredictManyOptions = {},
  ): AsyncGenerator<Predicted<Source>> {
    const views = checkedViewCount(tta);
    const photosAtOnce = Math.max(1, Math.floor(batch / views));
    const fitting = shrinkingBatch(Math.max(1, batch), () => undefined);
    let waiting: Read<Source>[] = [];
    const read = (photo: Source) => this.#read(photo, tta);
    for await (const photo of workedAhead(photos, 2 * photosAtOnce, read)) {
      waiting.push(photo);
      if (waiting.length < photosAtOnce) continue;
      yield* await this.#answers(waiting, views, fitting);
      waiting = [];
    }
    yield* await this.#answers(waiting, views, fitting);
  }

  /**
   * Frees what the engine holds, and ends the process that reads photos. The predictor cannot be
   * asked any more.
   */
  async close(): Promise<void> {
    await this.#reader.close();
    await this.#session.close();
  }

  async #read<Source extends PhotoSource>(
    photo: Source,
    augmentation: TestTimeAugmentation | undefined,
  ): Promise<Read<Source>> {
    try {
      return { photo, pixels: await this.#reader.read(photo, augmentation) };
    } catch (error) {
      if (error instanceof PipelineError && error.code === "data") return { photo, error };
      throw error;
    }
  }

  async #answers<Source extends PhotoSource>(
    photos: readonly Read<Source>[],
    views: number,
    batch: ReturnType<typeof shrinkingBatch>,
  ): Promise<Predicted<Source>[]> {
    const { side, labels } = this.#model;
    const size = views * side * side * 3;
    const readable = photos.flatMap(({ pixels }) => (pixels === undefined ? [] : [pixels]));
    const rows = new Uint8Array(readable.length * size);
    readable.forEach((pixels, i) => {
      rows.set(pixels, i * size);
    });
    const answers = new Float32Array(readable.length * views * labels.length);
    const source = { input: "image", shape: [side, side, 3], rows };
    for await (const { first, results } of throughGraph(this.#session, source, ["probabilities"], batch))
      answers.set(results["probabilities"]?.data as Float32Array, first * labels.length);
    let next = 0;
    return photos.map(({ photo, error }) => {
      if (error !== undefined) return { photo, error };
      const own = answers.subarray(next * views * labels.length, ++next * views * labels.length);
      return { photo, prediction: predictionOf(meanOfViews(own, labels.length), labels) };
    });
  }
}

/** A photo's views, or why there are none. */
type Read<Source> = { readonly photo: Source } & (
  | { readonly pixels: Uint8Array; readonly error?: never }
  | { readonly error: PipelineError; readonly pixels?: never }
);

function checkedViewCount(tta: TestTimeAugmentation | undefined): number {
  const views = viewCount(tta);
  if (Number.isInteger(views) && views >= 1 && views <= mostViews) return views;
  throw unexpected("usage", {
    where: "predict",
    expected: `"flip" or a number of views from 1 to ${mostViews}`,
    subject: "tta",
    got: String(tta),
  });
}
