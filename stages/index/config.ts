import { z } from "zod";
import { backgroundOption } from "../../shared/options.ts";
import { layoutNames } from "./layout/layout-names.ts";
import { isEncoding } from "./table/text.ts";

const text = (description: string) => z.string().default("").describe(description);

/** What decides the index. The fields' names in kebab-case are the flags. */
export const config = z.object({
  data: z
    .string()
    .default("")
    .describe("the labelled photos: a folder, or a table of them (CSV, TSV, text or JSON)")
    .meta({ inKey: false }),
  layout: z
    .enum(["auto", ...layoutNames])
    .default("auto")
    .describe("how the folder tells classes and parts; auto finds out, and asks where it is open")
    .meta({ inKey: false }),
  table: text("the table in the data folder that lists the photos and their labels").meta({ inKey: false }),
  idColumn: text("the table's column that names the photos").meta({ inKey: false }),
  labelColumn: text(
    "the table's column of labels; several with commas: a column a class, with a 1 in one",
  ).meta({
    inKey: false,
  }),
  splitColumn: text(
    "the table's column of parts; name=value: that value is the validation part; none: no column is",
  ).meta({ inKey: false }),
  groupColumn: text("the table's column of groups, which stay on one side of the split").meta({
    inKey: false,
  }),
  photos: text("the folder, below the data folder, whose photos are taken").meta({ inKey: false }),
  ignore: text(
    'files and folders to leave out: patterns with commas between them, as "*_mask.png,old/**"',
  ).meta({
    inKey: false,
  }),
  labels: z
    .enum(["auto", "none"])
    .default("auto")
    .describe(
      "where labels come from: auto (folders or a table, whichever is there), or none (every photo is taken without a label: features are made and nothing is trained)",
    )
    .meta({ inKey: false }),
  labelFrom: text(
    'where the labels are, if in no folder and no table: name (cat.12.jpg is a cat), or a pattern whose first group is the label, as "^([a-z]+)_"',
  ).meta({ inKey: false }),
  labelCase: z
    .enum(["ask", "merge", "keep"])
    .default("ask")
    .describe(
      "labels that differ in case or blanks alone: merge makes one class of them, keep leaves them apart",
    )
    .meta({ inKey: false }),
  encoding: z
    .string()
    .refine((label) => label === "" || isEncoding(label), "expected an encoding, as windows-1252")
    .default("")
    .describe("the encoding of tables, where it is neither UTF-8 nor UTF-16 (windows-1252)")
    .meta({ inKey: false }),
  minPhotos: z
    .int()
    .min(1)
    .default(1)
    .describe("photos below which a class is left out")
    .meta({ inKey: false }),
  split: z
    .enum(["stratified", "per-class", "hash"])
    .default("stratified")
    .describe(
      "how validation photos are chosen: stratified (scikit-learn's split; per-class where it makes none), per-class (a share of each class by itself, one photo at least), or hash (by each photo's own bytes, so that a growing set never reshuffles)",
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
  background: backgroundOption,
  damaged: z
    .enum(["drop", "keep"])
    .default("drop")
    .describe(
      "photos whose pixels break off half way: drop lists them as damaged, keep takes what can be decoded of them",
    ),
});

export type IndexConfig = z.infer<typeof config>;

/** Fields that decide how a folder is read, beside which one it is. */
export const readingFields: readonly string[] = [
  ...["layout", "table", "idColumn", "labelColumn", "splitColumn", "groupColumn", "photos", "ignore"],
  ...["labels", "labelFrom", "labelCase", "encoding", "minPhotos"],
];
