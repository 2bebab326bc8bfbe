import type { IndexedPhotos, Split } from "../../../../shared/photos.ts";
import { expectedCalibrationError } from "../../../../shared/calibration/calibration-error.ts";
import type { AnsweredPhotos } from "../../../../stages/report/figures/answered.ts";
import { confusionOf } from "../../../../stages/report/figures/confusion.ts";
import { scoresOf } from "../../../../stages/report/figures/scores.ts";
import { mostUnsure, mostWrong } from "../../../../stages/report/figures/worst.ts";
import type { MeasuredParts } from "../../../../stages/report/figures/parts.ts";
import type { Report } from "../../../../stages/report/report.ts";

/**
 * A report of made-up photos: four a class, of which the last two are validated on, the very last
 * one taken for the next class.
 *
 * @param rest what is not as usual
 */
export function reportOf(classes: readonly string[], rest: Partial<Report> = {}): Report {
  const photos = photosOf(classes);
  const validation = answersTo(photos, "validation");
  const measured = expectedCalibrationError(validation.probabilities, validation.labels, classes.length);
  const calibrated = { loss: 0.5, ece: measured.ece, bins: measured.bins };
  return {
    photos,
    run: {
      ...{ data: "set", layout: "a folder a class", backbone: "tiny", backboneDigest: "ab".repeat(32) },
      ...{ head: "linear", unfrozen: [], unfreeze: "0", side: 8, views: 1, libraries: { sharp: "1.2.3" } },
      normalisation: "(pixel - [0, 0, 0]) / [255, 255, 255], pixels of 0 to 1: assumed",
      engines: [{ stage: "embed", engine: "cpu" }],
      keys: [{ stage: "index", key: "cd".repeat(32) }],
      settings: [{ field: "data", value: "set", stages: ["index"] }],
      command: "npx zx pipeline.ts all --data set",
      counts: { photos: photos.count, labelled: photos.count, train: photos.count / 2 },
    },
    times: [],
    epochs: [1, 2].map((epoch) => ({
      ...{ epoch, learningRate: 0.1, trainLoss: 1 / epoch },
      validation: { loss: 1 / epoch, accuracy: 0.5 },
    })),
    parts: measuredPartsOf(classes),
    overview: null,
    confusion: confusionOf(validation),
    guesses: new Map(),
    calibration: {
      fitted: { temperature: 1.5, folds: 5, photos: 20, method: "out-of-fold" },
      ...{ photos: validation.rows.length, before: calibrated, after: calibrated, noiseFloor: 0.02 },
    },
    wrong: mostWrong(validation, 5),
    unsure: mostUnsure(validation, 5),
    map: null,
    labelErrors: { suspected: 0, ranked: [], shown: [] },
    nearDuplicates: {
      ...{ pairs: 0, identical: 0, acrossSplit: 0, acrossLabels: 0, listed: [], distance: 4, grouped: 0 },
    },
    leftOut: { quarantined: [], conflicts: [], dropped: false, sums: [], remarks: [] },
    comparison: null,
    thumbnails: new Map(),
    ...rest,
  };
}

/** How the parts of these photos came out. */
export function measuredPartsOf(classes: readonly string[]): MeasuredParts {
  return {
    ...{ validation: scoresOf(answersTo(photosOf(classes), "validation")), test: null },
    ...{ chosenBy: "validation", criterion: "loss", epoch: 2, epochs: 2 },
  };
}

/** A report of four photos without labels. */
export function unlabelledReport(rest: Partial<Report> = {}): Report {
  const photos = photosOf(["a"]);
  const side = { width: 10, height: 20 };
  return reportOf(["a"], {
    photos: {
      ...photos,
      classes: [],
      labels: photos.labels.map(() => -1),
      splits: photos.splits.map(() => null),
    },
    ...{
      epochs: [],
      parts: null,
      confusion: null,
      calibration: null,
      wrong: [],
      unsure: [],
      labelErrors: null,
    },
    overview: {
      different: 3,
      sizes: { smallest: side, middle: { width: 1200, height: 20 }, largest: { width: 1200, height: 800 } },
      shape: [1280],
      shown: [0, 2],
    },
    ...rest,
  });
}

const perClass = 4;

function photosOf(classes: readonly string[]): IndexedPhotos {
  const count = classes.length * perClass;
  const names = Array.from({ length: count }, (_, row) => `${row}`);
  const parts: readonly Split[] = ["train", "train", "validation", "validation"];
  return {
    ...{ count, classes, ids: names, sha256s: names },
    paths: names.map((name, row) => `${classes[Math.floor(row / perClass)] ?? ""}/${name}.jpg`),
    labels: Int32Array.from(names, (_, row) => Math.floor(row / perClass)),
    splits: names.map((_, row) => parts[row % perClass] ?? null),
    perceptualHashes: names.map(() => "0".repeat(16)),
    groups: names.map(() => null),
  };
}

function answersTo({ splits, labels, classes }: IndexedPhotos, part: Split): AnsweredPhotos {
  const rows = Int32Array.from(splits.flatMap((split, row) => (split === part ? [row] : [])));
  const own = rows.map((row) => labels[row] ?? 0);
  const probabilities = new Float32Array(rows.length * classes.length).fill(0.2 / (classes.length - 1));
  own.forEach((label, i) => {
    const guess = i === rows.length - 1 ? (label + 1) % classes.length : label;
    probabilities[i * classes.length + guess] = 0.8;
  });
  return { rows, labels: own, probabilities, classes: classes.length };
}
