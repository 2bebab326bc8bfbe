import { z } from "zod";
import type { Manifest } from "../artifacts/types.ts";
import { unexpected } from "../errors.ts";
import type { Graph } from "../onnx/graph.ts";
import type { ImageInput } from "./image-input.ts";
import {
  type Channels,
  isSame,
  type KnownNormalisation,
  type MeanAndStd,
  nameOfNormalisation,
  normalisationInWords,
  normalisationNamed,
  type NormalisationSource,
} from "./normalisations.ts";
import { type InnerNormalisation, innerNormalisation } from "./pixel-range.ts";
import { type PreprocessorConfig, preprocessorConfigName } from "./preprocessor-config.ts";
import type { GivenNormalisation } from "../options.ts";

const channels = z.tuple([z.number(), z.number(), z.number()]);

const schema = z.object({
  resize: z.int().positive(),
  crop: z.int().positive(),
  interpolation: z.enum(["bilinear", "bicubic"]).default("bilinear"),
  mean: channels,
  std: channels.refine((std) => std.every((deviation) => deviation > 0)),
  channels: z.literal("RGB").default("RGB"),
});

/**
 * What becomes of a photo before it enters a network: written into every file that depends on it.
 */
export interface Preprocessing {
  /** the shorter side after resizing, pixels */
  readonly resize: number;
  /** the side of the square cut out of the middle, pixels */
  readonly crop: number;
  readonly interpolation: "bilinear" | "bicubic";
  /** subtracted from pixels of 0 to 255 */
  readonly mean: Channels;
  /** what the difference is divided by */
  readonly std: Channels;
  readonly channels: "RGB";
  readonly layout: Layout;
  /** from where mean and deviation are known */
  readonly source: NormalisationSource;
}

/** The order of the axes of the network's input. */
export type Layout = "NCHW" | "NHWC";

/** Where else than in its graph something is said of a network. */
export interface SaidElsewhere {
  /** the network's file */
  readonly path: string;
  /** by --normalisation */
  readonly normalisation?: GivenNormalisation | undefined;
  readonly preprocessor?: PreprocessorConfig | null | undefined;
}

interface FoundPreprocessing {
  readonly preprocessing: Preprocessing;
  /** what a person should know of how it was found */
  readonly remarks: readonly string[];
}

/**
 * A network's preprocessing: as it is given, else as the metadata `preprocessing` (JSON) says it,
 * else a preprocessor_config.json, else as the graph's first nodes show; else ImageNet's is
 * assumed.
 *
 * @throws PipelineError `usage` where the metadata cannot be used or asks for another size than the
 *   graph takes, or where preprocessor_config.json and the graph would both normalise
 */
export function preprocessingOf(graph: Graph, taken: ImageInput, said: SaidElsewhere): FoundPreprocessing {
  const { layout, side } = taken;
  const own = metadataOf(graph, side, said.path);
  const inner = innerNormalisation(graph, taken.input.name, layout);
  const { mean, std, source } = normalisationFor(own, inner, said);
  const crop = side ?? own?.crop ?? said.preprocessor?.crop ?? 224;
  const resize = own?.resize ?? said.preprocessor?.resize ?? crop;
  const interpolation = own?.interpolation ?? "bilinear";
  return {
    preprocessing: {
      ...{ resize: Math.max(resize, crop), crop, interpolation },
      ...{ mean, std, channels: "RGB", layout, source },
    },
    remarks: [
      ...(inner === null ? [] : innerRemarks(inner, { mean, std })),
      ...(own === null || source === "metadata" || isSame(own, { mean, std })
        ? []
        : [`its own metadata says otherwise: ${normalisationInWords({ ...own, source: "metadata" })}`]),
    ],
  };
}

function metadataOf(graph: Graph, side: number | null, path: string): z.infer<typeof schema> | null {
  const text = graph.metadata["preprocessing"];
  if (text === undefined) return null;
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success && (side ?? parsed.data.crop) === parsed.data.crop) return parsed.data;
  throw unexpected("usage", {
    where: "backbone",
    expected: `metadata "preprocessing" as JSON {"resize", "crop"${side === null ? "" : `: ${side}`}, "mean": [r, g, b], "std": [r, g, b]}`,
    subject: path,
    got: text,
  });
}

function normalisationFor(
  own: MeanAndStd | null,
  inner: InnerNormalisation | null,
  { normalisation, preprocessor = null, path }: SaidElsewhere,
): KnownNormalisation {
  if (normalisation !== undefined) return { ...normalisationNamed(normalisation), source: "--normalisation" };
  if (own !== null) return { ...own, source: "metadata" };
  const said = preprocessor?.normalisation ?? null;
  if (said !== null) {
    if (inner !== null && !isSame(said, normalisationNamed(inner.wants))) throw saidTwice(path, said, inner);
    return { ...said, source: preprocessorConfigName };
  }
  if (inner !== null) return { ...normalisationNamed(inner.wants), source: "graph" };
  return { ...normalisationNamed("imagenet"), source: "assumed" };
}

/** Both together would normalise twice; which of them is right, the files do not tell. */
function saidTwice(path: string, said: MeanAndStd, { wants, nodes }: InnerNormalisation) {
  const name = nameOfNormalisation(said);
  const words = normalisationInWords({ ...said, source: preprocessorConfigName });
  return unexpected("usage", {
    where: "backbone",
    expected: "one normalisation of pixels",
    subject: path,
    got: `two: ${words}; and its graph begins with ${nodes}, which normalises ${rangeInWords(wants)} itself`,
    hint:
      `--normalisation ${wants} leaves it to the graph` +
      (name === null ? "" : `, --normalisation ${name} does what ${preprocessorConfigName} says before it`),
  });
}

function innerRemarks({ wants, nodes }: InnerNormalisation, taken: MeanAndStd): string[] {
  const shown = `its graph begins with ${nodes}, which rescales pixels itself: made for ${rangeInWords(wants)}`;
  return [
    isSame(taken, normalisationNamed(wants)) ? shown : `${shown}, which --normalisation ${wants} gives it`,
  ];
}

function rangeInWords(wants: InnerNormalisation["wants"]): string {
  return wants === "none" ? "pixels of 0 to 255" : "pixels of 0 to 1";
}

/** What became of the photos of a run before they entered the network. */
export interface RunPreprocessing extends Preprocessing {
  /** what transparent photos were drawn on */
  readonly background?: string | undefined;
}

const made = z.object({
  preprocessing: schema
    .pick({ resize: true, crop: true, interpolation: true })
    .extend({ background: z.string().optional() }),
});

/**
 * What became of the photos of a run: resized and cropped as augment did it, which need not be as
 * the network's file says, and normalised as that says.
 *
 * @param own the network's
 * @param augment the result that the network was given
 */
export function preprocessingOfRun(own: Preprocessing, { facts, key }: Manifest): RunPreprocessing {
  const parsed = made.safeParse(facts);
  if (parsed.success) return { ...own, ...parsed.data.preprocessing };
  throw unexpected("artifact", {
    where: "augment",
    expected: "resize and crop in its manifest's preprocessing",
    subject: key.slice(0, 12),
    got: JSON.stringify(facts["preprocessing"] ?? null),
    hint: `delete augment/${key} under the artifacts and run augment again`,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
