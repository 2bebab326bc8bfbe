import { z } from "zod";
import { backgroundOption } from "../../shared/options.ts";

const numbers = /^\d*\.?\d+(,\d*\.?\d+)*$/;

/**
 * Numbers with commas between them, kept as the user's text without its blanks, so that equal
 * choices are equal keys.
 */
const numberList = (count: readonly number[], message: string) =>
  z
    .string()
    .overwrite((text) => text.replaceAll(/\s/g, ""))
    .refine((text) => numbers.test(text) && count.includes(text.split(",").length), message);

/** Low and high, above 0 and in this order. */
const range = (message: string) =>
  numberList([2], message).refine((text) => {
    const [low, high] = text.split(",").map(Number) as [number, number];
    return low > 0 && low <= high;
  }, message);

/** What decides the pixels. The fields' names in kebab-case are the flags. */
export const config = z.object({
  data: z
    .string()
    .default("")
    .describe("the labelled photos: a folder, or a CSV or TSV file beside them")
    .meta({ inKey: false }),
  views: z
    .int("expected a whole number")
    .min(0, "expected 0 or more")
    .max(1000, "expected at most 1000")
    .default(1)
    .describe("random views of each photo, beside the clean one"),
  augmentSeed: z.int().min(0).max(0xffff_ffff).default(0).describe("the seed of the random views"),
  inputSize: z
    .int()
    .min(8, "expected at least 8 pixels")
    .max(1024, "expected at most 1024 pixels")
    .default(224)
    .describe("side of a view in pixels: what the backbone takes"),
  resize: z
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe(
      "pixels that a photo's shorter side is resized to before it is cropped; 0 takes the input size",
    ),
  scale: range("expected two shares of the area, the smaller first, as 0.08,1")
    .refine((text) => Number(text.split(",")[1]) <= 1, "expected shares of at most 1, as 0.08,1")
    .default("0.08,1")
    .describe("smallest and largest share of the photo's area that a random crop covers"),
  ratio: range("expected two ratios, the smaller first, as 0.75,1.3333")
    .default("0.75,1.3333333333333333")
    .describe("smallest and largest width over height of a random crop"),
  flip: z
    .number()
    .min(0, "expected a probability from 0 to 1")
    .max(1, "expected a probability from 0 to 1")
    .default(0.5)
    .describe("probability that a random view is flipped, left to right"),
  rotation: z
    .number()
    .min(0, "expected degrees from 0 to 180")
    .max(180, "expected degrees from 0 to 180")
    .default(30)
    .describe("largest rotation of a random view to either side, in degrees"),
  jitter: numberList([1, 3], "expected one strength from 0 on, or three, as 0.4 or 0.4,0.4,0.2")
    .default("0")
    .describe("colour jitter: one strength, or those of brightness, contrast and saturation"),
  background: backgroundOption,
});

export type AugmentConfig = z.infer<typeof config>;

/** Raised when the same photos and config would give other pixels. */
export const version = 2;
