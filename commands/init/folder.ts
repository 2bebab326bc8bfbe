import { list } from "../../stages/index/layout/list.ts";
import type { ListConfig } from "../../stages/index/layout/list-config.ts";
import type { Listing } from "../../stages/index/row.ts";
import { classesOf } from "../../stages/index/split/classes.ts";
import { type LeftOutSum, sumsOf } from "../../stages/index/tree/left-out.ts";

/** Photos by their names alone. */
export interface Found {
  readonly listing: Listing;
  /** with how many photos each has, in sorted order */
  readonly classes: readonly { readonly name: string; readonly photos: number }[];
  readonly labelled: number;
  /** how many photos the folder itself puts into each part; null where it gives no split */
  readonly given: Readonly<Record<"train" | "validation" | "test", number>> | null;
  /** what lies there and is no photo of the set, summed up by kind */
  readonly leftOut: readonly LeftOutSum[];
}

/**
 * Lists a folder of photos, or a table of them, as `index` will.
 *
 * @param artifacts the folder of results, absolute, which is no part of the set
 * @throws PipelineError `data` where nothing is there that could be trained on, or it is open how
 * it is to be read
 */
export async function found(config: ListConfig, artifacts = ""): Promise<Found> {
  const listing = await list(config, artifacts);
  const labels = listing.rows.flatMap(({ label }) => (label === null ? [] : [label]));
  const { names, members } = classesOf(labels);
  const inPart = (part: string) => listing.rows.filter(({ given }) => given === part).length;
  const given = { train: inPart("train"), validation: inPart("validation"), test: inPart("test") };
  return {
    listing,
    classes: names.map((name, i) => ({ name, photos: members[i]?.length ?? 0 })),
    labelled: labels.length,
    given: given.validation + given.test > 0 ? given : null,
    leftOut: sumsOf(listing.leftOut),
  };
}
