import type { IndexedPhotos } from "../../shared/photos.ts";
import type { Comparison } from "./compare/comparison.ts";
import type { Confusion } from "./figures/confusion.ts";
import type { FeatureMap } from "./figures/feature-map.ts";
import type { LabelledPhoto } from "./figures/label-errors.ts";
import type { NearDuplicates } from "./figures/near-duplicates.ts";
import type { MeasuredParts } from "./figures/parts.ts";
import type { JudgedPhoto } from "./figures/worst.ts";
import type { CalibrationFigures } from "./gather/calibration.ts";
import type { Epoch } from "./gather/epochs.ts";
import type { LeftOut } from "./gather/left-out.ts";
import type { Overview } from "./gather/overview.ts";
import type { StageTime } from "./gather/times.ts";
import type { WhatWasRun } from "./gather/what-was-run.ts";
import type { MapPictures } from "./pictures/map-sheets.ts";

/** Everything that the page shows. Drawing it reads nothing else. */
export interface Report {
  readonly photos: IndexedPhotos;
  readonly run: WhatWasRun;
  readonly times: readonly StageTime[];
  readonly epochs: readonly Epoch[];
  /** null: nothing was trained, as no photo has a label */
  readonly parts: MeasuredParts | null;
  /** of photos without labels, in place of all that is said of a classifier */
  readonly overview: Overview | null;
  /** of the validation photos, where there are any */
  readonly confusion: Confusion | null;
  /** the class that each validation or test photo was taken for, by its row in the index */
  readonly guesses: ReadonlyMap<number, number>;
  readonly calibration: CalibrationFigures | null;
  readonly wrong: readonly JudgedPhoto[];
  readonly unsure: readonly JudgedPhoto[];
  readonly map: { readonly layout: FeatureMap; readonly pictures: MapPictures } | null;
  readonly labelErrors: DoubtfulLabels | null;
  readonly nearDuplicates: LookAlikePhotos;
  readonly leftOut: LeftOut;
  readonly comparison: Comparison | null;
  /** data URIs of photos by their row in the index: those that the page shows larger */
  readonly thumbnails: ReadonlyMap<number, string>;
}

/** What is said of the training photos' labels. */
export interface DoubtfulLabels {
  /** how many confident learning counts as wrong */
  readonly suspected: number;
  /** every label that was judged, the most doubtful first */
  readonly ranked: readonly LabelledPhoto[];
  /** the most doubtful ones, shown with their photos */
  readonly shown: readonly LabelledPhoto[];
}

/** Look-alikes within a distance of perceptual hashes. */
export interface LookAlikePhotos extends NearDuplicates {
  /** up to which photos count as look-alikes, in bits */
  readonly distance: number;
  /** the distance up to which the index grouped them; 0: it did not */
  readonly grouped: number;
}
