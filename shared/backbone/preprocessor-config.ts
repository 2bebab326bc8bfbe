import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { codeOf } from "../artifacts/store.ts";
import { unexpected } from "../errors.ts";
import type { Channels, MeanAndStd } from "./normalisations.ts";

/** What Hugging Face's libraries save of a network's preprocessing, beside its weights. */
export interface PreprocessorConfig {
  readonly path: string;
  /** its bytes, which are part of the network's key */
  readonly text: string;
  /** null where it says nothing of it */
  readonly normalisation: MeanAndStd | null;
  /** sides in pixels; null where it says none, or no square one */
  readonly resize: number | null;
  readonly crop: number | null;
}

export const preprocessorConfigName = "preprocessor_config.json";

const perChannel = z.union([z.number(), z.array(z.number()).length(1), z.array(z.number()).length(3)]);
const side = z.number().int().positive();
const size = z.union([
  side,
  z.object({
    height: side.nullish(),
    width: side.nullish(),
    shortest_edge: side.nullish(),
  }),
]);

/**
 * The fields of transformers' image processors that decide pixels; each may be null, which is as if
 * it were not there.
 */
const schema = z.object({
  do_rescale: z.boolean().nullish(),
  rescale_factor: z.number().positive().nullish(),
  rescale_offset: z.boolean().nullish(),
  do_normalize: z.boolean().nullish(),
  image_mean: perChannel.nullish(),
  image_std: perChannel.nullish(),
  include_top: z.boolean().nullish(),
  do_flip_channel_order: z.boolean().nullish(),
  do_resize: z.boolean().nullish(),
  size: size.nullish(),
  do_center_crop: z.boolean().nullish(),
  crop_size: size.nullish(),
  crop_pct: z.number().positive().max(1).nullish(),
});
type Fields = z.infer<typeof schema>;

/**
 * Reads the preprocessor_config.json of a network: in its folder or, as transformers.js keeps its
 * networks, above a folder `onnx`.
 *
 * @returns null where there is none
 * @throws PipelineError `usage` naming the file where it cannot be used
 */
export async function readPreprocessorConfig(network: string): Promise<PreprocessorConfig | null> {
  const folder = path.dirname(network);
  const folders = path.basename(folder) === "onnx" ? [folder, path.dirname(folder)] : [folder];
  for (const each of folders) {
    const file = path.join(each, preprocessorConfigName);
    const text = await readFile(file, "utf8").catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return null;
      throw unusable(file, error instanceof Error ? error.message : String(error));
    });
    if (text !== null) return { path: file, text, ...meaningOf(fieldsIn(text, file), file) };
  }
  return null;
}

function fieldsIn(text: string, file: string): Fields {
  try {
    return schema.parse(JSON.parse(text.replace(/^\uFEFF/, "")));
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : [];
    const why = issue === undefined ? "no JSON" : `${issue.path.join(".")}: ${issue.message}`;
    throw unusable(file, why, cause);
  }
}

function meaningOf(fields: Fields, file: string): Omit<PreprocessorConfig, "path" | "text"> {
  const crop = fields.do_center_crop === false ? null : squareSide(fields.crop_size);
  const resized = fields.do_resize === false ? null : squareSide(fields.size);
  const given = crop ?? resized;
  // ConvNeXt's, which crops out of a larger photo below 384 pixels.
  const larger = fields.crop_pct != null && given !== null && given < 384 ? given / fields.crop_pct : null;
  return {
    normalisation: normalisationIn(fields, file),
    resize: larger === null ? resized : Math.round(larger),
    crop: given,
  };
}

function squareSide(given: Fields["size"]): number | null {
  if (given == null || typeof given === "number") return given ?? null;
  const { height, width, shortest_edge: shortest } = given;
  if (height != null && height === width) return height;
  return height == null && width == null ? (shortest ?? null) : null;
}

/**
 * pixel · factor (- 1 with an offset), then (that - mean) / std, as one (pixel - mean) / std. What
 * is not said is as the image processors have it: they rescale, and they normalise where they have
 * a mean and a deviation.
 *
 * @returns null where nothing is said of normalising
 */
function normalisationIn(fields: Fields, file: string): MeanAndStd | null {
  if (fields.do_flip_channel_order === true)
    throw unusable(file, "do_flip_channel_order: true (photos enter as red, green, blue)");
  const [mean, std] = [fields.image_mean ?? null, fields.image_std ?? null];
  const normalises = fields.do_normalize ?? (mean !== null || std !== null ? true : null);
  if (normalises === null) return null;
  const factor = fields.do_rescale === false ? 1 : (fields.rescale_factor ?? 1 / 255);
  const range = 1 / factor;
  const zero = fields.rescale_offset === true ? range : 0;
  if (!normalises) return { mean: [zero, zero, zero], std: [range, range, range] };
  if (mean === null || std === null)
    throw unusable(file, "do_normalize without both of image_mean and image_std");
  const [means, deviations] = [channelsOf(mean), channelsOf(std)];
  if (!deviations.every((deviation) => deviation > 0))
    throw unusable(file, "an image_std that is not above 0");
  // EfficientNet's processor divides by the deviation twice where the network has its classifier.
  const power = fields.include_top === true ? 2 : 1;
  return {
    mean: mapped(means, (value) => zero + value * range),
    std: mapped(deviations, (value) => value ** power * range),
  };
}

function channelsOf(given: number | readonly number[]): Channels {
  const [red = 0, green = red, blue = red] = typeof given === "number" ? [given] : given;
  return [red, green, blue];
}

/** Without the rounding of factors: 0.5 · 255 is 127.5, whatever 1 / (1 / 255) is. */
function mapped([red, green, blue]: Channels, map: (value: number) => number): Channels {
  const rounded = (value: number) => Number(map(value).toPrecision(12));
  return [rounded(red), rounded(green), rounded(blue)];
}

function unusable(file: string, got: string, cause?: unknown) {
  return unexpected("usage", {
    where: "backbone",
    expected:
      "do_rescale, rescale_factor, do_normalize, image_mean and image_std as transformers writes them",
    subject: file,
    got,
    hint: "--normalisation imagenet, half, unit or none says what the network wants, and this file is not asked",
    cause,
  });
}
