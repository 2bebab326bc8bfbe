import { z } from "zod";

/** What decides the index. The fields' names in kebab-case are the flags. */
export const config = z.object({
  data: z
    .string()
    .default("")
    .describe(
      "the photos: a folder, best with a folder for each class, or a CSV or TSV file of path,label[,split][,group]",
    )
    .meta({ inKey: false }),
  labels: z
    .enum(["auto", "none"])
    .default("auto")
    .describe(
      "where labels come from: auto (from class folders or a table, whichever is there), or none (every photo is taken without a label: features are made and nothing is trained)",
    ),
  split: z
    .enum(["stratified", "hash"])
    .default("stratified")
    .describe(
      "how validation photos are chosen: stratified (scikit-learn's split), or hash (by each photo's own bytes, so that a growing set never reshuffles)",
    ),
  valFraction: z
    .number()
    .gt(0, "expected a fraction above 0")
    .lt(1, "expected a fraction below 1")
    .default(0.1)
    .describe("share of the labelled photos kept for validation where no split is given"),
  splitSeed: z.int().min(0).max(0xffff_ffff).default(0).describe("the seed of the split"),
  nearDuplicates: z
    .int()
    .min(0, "expected 0 to 16 bits")
    .max(16, "expected 0 to 16 bits: photos that differ in more have nothing in common")
    .default(0)
    .describe(
      "photos whose perceptual hashes differ in at most so many of 64 bits are one group and stay on one side of the split (4 finds copies of another size or quality); 0: only photos with the same bytes",
    ),
  onConflict: z
    .enum(["keep", "drop", "error"])
    .default("keep")
    .describe("what to do with photos that have the same bytes under different labels"),
  maxBad: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe("share of bad photos above which the run stops")
    .meta({ inKey: false }),
  limit: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "about how many labelled photos to take, spread evenly over the classes (photos, where none has a label); 0 takes all",
    ),
  maxPixels: z
    .int()
    .min(1)
    .default(100_000_000)
    .describe("pixels above which a photo is set aside as oversized"),
});

export type IndexConfig = z.infer<typeof config>;
