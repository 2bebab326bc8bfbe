import { readFileSync } from "node:fs";
import sharp from "sharp";

const folder = new URL("./golden/", import.meta.url);

/** The RGB bytes of a golden picture. */
export async function goldenPixels(name: string): Promise<Uint8Array> {
  return new Uint8Array(
    await sharp(readFileSync(new URL(name, folder)))
      .raw()
      .toBuffer(),
  );
}

/** What torchvision drew for one image size: quantiles at 0, 1/500, …, 1. */
export interface DrawnBoxes {
  readonly width: number;
  readonly height: number;
  readonly area: readonly number[];
  readonly logRatio: readonly number[];
  readonly centreX: readonly number[];
  readonly centreY: readonly number[];
}

export const goldenCrops = JSON.parse(readFileSync(new URL("crops.json", folder), "utf8")) as {
  readonly sizes: readonly DrawnBoxes[];
  readonly angle: readonly number[];
};

export const goldenSizes = JSON.parse(readFileSync(new URL("resized.json", folder), "utf8")) as {
  readonly photo: readonly [number, number];
  readonly resized: readonly [number, number];
  readonly left: number;
  readonly top: number;
}[];

/**
 * The largest difference between the distribution of `samples` and the one whose quantiles are given (Kolmogorov and
 * Smirnov's statistic, read at the quantiles).
 */
export function largestDifference(samples: readonly number[], quantiles: readonly number[]): number {
  const sorted = Float64Array.from(samples).sort();
  const steps = quantiles.length - 1;
  let largest = 0;
  let below = 0;
  quantiles.forEach((quantile, i) => {
    // Where many quantiles are equal (whole pixels), the last of them tells the share up to that value.
    if (quantiles[i + 1] === quantile) return;
    while (below < sorted.length && (sorted[below] as number) <= quantile + 1e-5) below++;
    largest = Math.max(largest, Math.abs(below / sorted.length - i / steps));
  });
  return largest;
}
