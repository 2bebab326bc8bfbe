import { z } from "zod";

/**
 * Options that more than one stage reads. The first stage in the pipeline's order that has one owns
 * it.
 */
export const backboneOption = z
  .string()
  .default("efficientnet-lite0")
  .describe("the pretrained network: efficientnet-lite0, resnet18 to resnet152, or the path of an ONNX file")
  .meta({ inKey: false });

export const weightsOption = z
  .string()
  .optional()
  .describe(
    "a safetensors file with torchvision's weights for a resnet, in place of fetching the published ones",
  )
  .meta({ inKey: false });

/**
 * What transparent photos are drawn on: index hashes what they show there, augment makes views of
 * it.
 */
export const backgroundOption = z
  .string()
  .regex(/^(?:white|black|grey|#[0-9a-f]{6})$/, "expected white, black, grey or a colour as #ff8800")
  .default("white")
  .describe("what is behind transparent parts of photos: white, black, grey or a colour as #ff8800");

/** What a network wants of pixels, by name: shared/backbone/normalisations.ts. */
export const normalisations = ["imagenet", "half", "unit", "none"] as const;

export type GivenNormalisation = (typeof normalisations)[number];

export const normalisationOption = z
  .enum(normalisations)
  .optional()
  .describe(
    "what the backbone wants of pixels: imagenet (its mean and deviation), half (-1 to 1), unit (0 to 1), none (0 to 255); else what the file says, or a preprocessor_config.json beside it",
  );

/** Each stage has an engine of its own: one that trains need not be the one that embedded. */
export const engineOption = z
  .enum(["auto", "cpu", "webgpu", "cuda", "tensorflow"])
  .default("auto")
  .describe("what computes; auto: the fastest that works here")
  .meta({ ofEachStage: true });

export const deviceOption = z
  .enum(["auto", "cpu", "gpu"])
  .default("auto")
  .describe("where it computes: gpu demands one, cpu forbids it")
  .meta({ ofEachStage: true });

/** Photos or views that go through the network at once. */
export const batchOption = (fallback: number) =>
  z.int().min(1).default(fallback).describe("photos at once").meta({ inKey: false });

/** What is trained beside the head. */
export const unfreezeOption = z
  .string()
  .regex(/^\S+$/, 'expected a number of blocks, "all" or the name of a block')
  .default("0")
  .describe(
    "what is trained beside the head: the last N blocks of the backbone, all, or everything from a named block or node on",
  );

/** The flag of a config's field: "labelSmoothing" → "label-smoothing". */
export function flagOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
