import type { Artifact, Json } from "../../../shared/artifacts/types.ts";
import { readIndexedPhotos } from "../../../shared/photos.ts";
import type { FeatureMap } from "../figures/feature-map.ts";
import type { Report } from "../report.ts";
import type { RunResults } from "./comparison.ts";
import { readFeatureMap } from "./feature-map.ts";
import { readLeftOut } from "./left-out.ts";
import { lookAlikePhotos } from "./look-alikes.ts";
import { readOverview } from "./overview.ts";
import { readTimes } from "./times.ts";
import { nothingTrained, readTrained } from "./trained.ts";
import { whatWasRun } from "./what-was-run.ts";

/** The report but for the photos themselves. */
export type Figures = Omit<Report, "map" | "thumbnails"> & { readonly layout: FeatureMap | null };

export interface Gathering {
  /** a run's results; without a training where its photos have no labels */
  readonly results: Omit<RunResults, "train"> & { readonly train: Artifact | null };
  /** what each field of a stage's config is where nobody gives it */
  readonly defaults: Readonly<Record<string, Json>>;
  /** the folder that the command was given in */
  readonly folder: string;
  /** key of the export to compare with; null: none */
  readonly compare: string | null;
  readonly finished: (stage: string, key: string) => Promise<Artifact>;
}

/** Reads a run's results and works out every figure of its report. */
export async function gather({ results, defaults, folder, compare, finished }: Gathering): Promise<Figures> {
  const { index, augment, embed, train, export: exported } = results;
  const stages = [index, augment, embed, ...(train === null ? [] : [train]), exported];
  const photos = await readIndexedPhotos(index);
  return {
    photos,
    run: whatWasRun(stages, defaults, folder),
    times: await readTimes(stages),
    ...(train === null
      ? nothingTrained({ compare })
      : await readTrained({ ...results, train }, photos, { compare, finished })),
    overview: train === null ? await readOverview(index, exported, photos) : null,
    layout: await readFeatureMap(exported, photos),
    nearDuplicates: lookAlikePhotos(index, photos),
    leftOut: await readLeftOut(index),
  };
}
