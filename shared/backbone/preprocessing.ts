import { z } from "zod";
import type { Manifest } from "../artifacts/types.ts";
import { unexpected } from "../errors.ts";
import type { Graph } from "../onnx/graph.ts";

const channels = z.tuple([z.number(), z.number(), z.number()]);

const schema = z.object({
  resize: z.int().positive(),
  crop: z.int().positive(),
  interpolation: z.enum(["bilinear", "bicubic"]).default("bilinear"),
  mean: channels,
  std: channels.refine((std) => std.every((deviation) => deviation > 0)),
  channels: z.literal("RGB").default("RGB"),
});

/** What becomes of a photo before it enters a network: written into every file that depends on it. */
export interface Preprocessing {
  /** the shorter side after resizing, pixels */
  readonly resize: number;
  /** the side of the square cut out of the middle, pixels */
  readonly crop: number;
  readonly interpolation: "bilinear" | "bicubic";
  /** red, green, blue: subtracted from pixels of 0 to 255 */
  readonly mean: readonly [number, number, number];
  /** red, green, blue: what the difference is divided by */
  readonly std: readonly [number, number, number];
  readonly channels: "RGB";
  readonly layout: Layout;
  /** true where the file does not say it and ImageNet's usual mean and deviation are taken */
  readonly assumed: boolean;
}

/** The order of the axes of the network's input. */
export type Layout = "NCHW" | "NHWC";

/** torchvision's transforms: mean and standard deviation of ImageNet's pixels, times 255. */
const imageNet = {
  interpolation: "bilinear",
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
  channels: "RGB",
} as const;

/**
 * A network's preprocessing as its metadata `preprocessing` (JSON) says it, else ImageNet's.
 *
 * @param side of the input that the graph declares; null where it leaves it free
 * @throws PipelineError `usage` where the metadata cannot be used or asks for another size than the graph takes
 */
export function preprocessingOf(
  graph: Graph,
  layout: Layout,
  side: number | null,
  path: string,
): Preprocessing {
  const text = graph.metadata["preprocessing"];
  if (text === undefined)
    return { resize: side ?? 224, crop: side ?? 224, ...imageNet, layout, assumed: true };
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success && (side ?? parsed.data.crop) === parsed.data.crop)
    return { ...parsed.data, layout, assumed: false };
  throw unexpected("usage", {
    where: "backbone",
    expected: `metadata "preprocessing" as JSON {"resize", "crop"${side === null ? "" : `: ${side}`}, "mean": [r, g, b], "std": [r, g, b]}`,
    subject: path,
    got: text,
  });
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
 * What became of the photos of a run: resized and cropped as augment did it, which need not be as the network's file says, and
 * normalised as that says.
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
