import { readFile } from "node:fs/promises";
import type { Artifact } from "../../../shared/artifacts/types.ts";
import {
  calibrationNoiseFloor,
  type ConfidenceBin,
  expectedCalibrationError,
} from "../../../shared/calibration/calibration-error.ts";
import { logLoss } from "../../../shared/calibration/log-loss.ts";
import { softmaxRows } from "../../../shared/calibration/softmax.ts";
import type { AnsweredPhotos } from "../figures/answered.ts";

/** How a temperature was found: calibration.json. */
export interface FittedTemperature {
  readonly temperature: number;
  readonly folds: number;
  /** how many it was fitted on */
  readonly photos: number;
  readonly method: "out-of-fold" | "held-out-fold";
}

/** How far stated probabilities are from what comes true. */
interface CalibrationMeasure {
  readonly loss: number;
  readonly ece: number;
  readonly bins: readonly ConfidenceBin[];
}

/** What temperature scaling did to the photos of a part that had no say in it. */
export interface CalibrationFigures {
  readonly fitted: FittedTemperature;
  readonly photos: number;
  readonly before: CalibrationMeasure;
  readonly after: CalibrationMeasure;
  /** the expected calibration error of one who states exact probabilities, on as many photos in as many bins */
  readonly noiseFloor: number;
}

/** The temperature that a training fitted; null where it fitted none (--calibration-folds 0, or too few photos). */
export async function readTemperature(train: Artifact): Promise<FittedTemperature | null> {
  const isThere = train.manifest.files.some(({ name }) => name === "calibration.json");
  if (!isThere) return null;
  const fitted = JSON.parse(await readFile(train.file("calibration.json"), "utf8")) as FittedTemperature;
  return fitted.folds === 0 ? null : fitted;
}

/** Measures the calibration of a part's probabilities, and of those that the network would have stated at temperature 1. */
export function calibrationFigures(fitted: FittedTemperature, answered: AnsweredPhotos): CalibrationFigures {
  const { probabilities, classes, labels } = answered;
  return {
    fitted,
    photos: labels.length,
    before: measured(uncalibrated(probabilities, classes, fitted.temperature), answered),
    after: measured(probabilities, answered),
    noiseFloor: calibrationNoiseFloor(probabilities, classes),
  };
}

function measured(probabilities: Float32Array, { labels, classes }: AnsweredPhotos): CalibrationMeasure {
  const { ece, bins } = expectedCalibrationError(probabilities, labels, classes);
  return { loss: logLoss(probabilities, labels, classes), ece, bins };
}

/** log p is the logits over the temperature but for a constant of each row, which softmax does not see. */
function uncalibrated(probabilities: Float32Array, classes: number, temperature: number): Float32Array {
  const least = 2 ** -126;
  const logs = probabilities.map((probability) => Math.log(Math.max(least, probability)));
  return softmaxRows(logs, classes, 1 / temperature);
}
