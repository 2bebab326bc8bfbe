import { counted } from "../../shared/counted.ts";
import { PipelineError } from "../../shared/errors.ts";
import type { Scan } from "../../stages/index/scan.ts";
import { type Advice, nearnessInWords } from "./advice.ts";
import type { Found } from "./folder.ts";
import type { Nearness } from "./nearness.ts";
import type { Sampled } from "./sample.ts";
import { classesInWords, endingsInWords, notes, oddities, sizesInWords } from "./words.ts";

/** What was seen of a set without reading every photo. */
export interface Seen {
  readonly set: Found;
  readonly sample: Sampled;
  readonly nearness: Nearness | null;
  readonly advice: Advice;
}

/** One thing that was understood. */
export interface Finding {
  readonly name: string;
  readonly says: string;
}

/**
 * What was understood of a set, a finding a line; `sums`: the scan that `index` will make, or why
 * it would stop.
 */
export function findingsIn({ set, sample, nearness }: Seen, sums: Scan | PipelineError): Finding[] {
  const { listing, labelled, given } = set;
  const { rows, root, layout } = listing;
  const unlabelled = rows.length - labelled;
  const isLabelled = labelled > 0;
  const split = splitInWords(given);
  const sure = nearness === null ? "" : `${Math.round(100 * nearness.confidence)} %`;
  return [
    {
      name: "photos",
      says: isLabelled
        ? `${labelled} labelled${unlabelled > 0 ? `, ${unlabelled} not` : ""}, in ${root}`
        : `${unlabelled}, none of them with a label, in ${root}`,
    },
    { name: "layout", says: layout },
    ...(isLabelled
      ? [
          { name: "classes", says: classesInWords(set) },
          { name: "split", says: split },
        ]
      : [{ name: "labels", says: labelsWanted }]),
    { name: "files", says: endingsInWords(rows.map(({ path }) => path)) },
    { name: "sizes", says: sizesInWords(sample) },
    ...(nearness === null
      ? []
      : [
          {
            name: "nearness",
            says: `the pretrained network is ${sure} sure of a photo, as the mean of ${nearness.photos}: ${nearnessInWords(nearness)}`,
          },
        ]),
    ...notes(set).map((says) => ({ name: "note", says })),
    ...[...oddities(set, sample), ...repeatsIn(sums, isLabelled)].map((says) => ({ name: "odd", says })),
  ];
}

const labelsWanted =
  "none: for a classifier put each class's photos into a folder of its name, or list them in a CSV file with the columns " +
  "path and label; then init --force once more";

function repeatsIn(sums: Scan | PipelineError, isLabelled: boolean): string[] {
  if (sums instanceof PipelineError) return [];
  const { duplicates, conflicts } = sums;
  return [
    ...(duplicates > 0
      ? [
          `${counted(duplicates, "photo repeats", "photos repeat")} another's bytes${isLabelled ? "; they stay on one side of the split" : ""}`,
        ]
      : []),
    ...(conflicts.length > 0
      ? [
          `${counted(conflicts.length, "photo has", "photos have")} bytes that stand under different labels: conflicts.csv will list them`,
        ]
      : []),
  ];
}

/** "given: 36 train, 12 test; a tenth of each class of the rest will be kept for validation" */
function splitInWords(given: Found["given"]): string {
  const made = "one photo at least where it has two, will be kept for validation";
  if (given === null) return `none given: a tenth of each class, ${made}`;
  const parts = (["train", "validation", "test"] as const).flatMap((part) =>
    given[part] > 0 ? [`${given[part]} ${part}`] : [],
  );
  const rest = given.validation > 0 ? "" : `; of each class of train a tenth, ${made}`;
  return `given: ${parts.join(", ")}${rest}`;
}
