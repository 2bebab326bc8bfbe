import { createHash } from "node:crypto";
import { type View, viewOf, type ViewConfig } from "../image/view.ts";
import type { Size } from "../image/pixels.ts";

/**
 * Test-time augmentation: several views of a photo are asked about, and the mean of the answers is taken. "flip": the clean
 * view and its mirror image; a number: that many views, the clean one and random ones.
 */
export type TestTimeAugmentation = "flip" | number;

/** Most views that a photo is asked about with. */
export const mostViews = 64;

/** How many views of a photo are asked about; without augmentation one, the clean one. */
export function viewCount(augmentation: TestTimeAugmentation | undefined): number {
  return augmentation === "flip" ? 2 : (augmentation ?? 1);
}

/** The seed of the random views: the same photo has the same ones whoever asks. */
const seed = 0;

/**
 * How random views are made for asking: as augment makes them for training, but most of the photo stays in view and it is not
 * turned. A crop of 8 % of a photo's area teaches something; it tells little.
 */
function mildViews(resize: number, side: number): ViewConfig {
  return {
    inputSize: side,
    resize,
    scale: [0.8, 1],
    ratio: [0.9, 1 / 0.9],
    flip: 0.5,
    rotation: 0,
    jitter: { brightness: 0, contrast: 0, saturation: 0 },
  };
}

/**
 * The views of a photo that are warped: the clean one, then the random ones. The mirror image of "flip" is not among them, as
 * it is made of the clean view's pixels.
 *
 * @param photo the photo's size, its EXIF orientation applied
 */
export function viewsToWarp(
  augmentation: TestTimeAugmentation | undefined,
  bytes: Uint8Array,
  photo: Size,
  { resize, side }: { readonly resize: number; readonly side: number },
): View[] {
  const count = augmentation === "flip" ? 1 : viewCount(augmentation);
  const sha256 = count === 1 ? "" : createHash("sha256").update(bytes).digest("hex");
  const config = mildViews(resize, side);
  return Array.from({ length: count }, (_, number) => viewOf(seed, sha256, number, config, photo));
}

/** Writes the mirror image of a view: side · side · 3 bytes, RGB, left and right exchanged. */
export function mirror(pixels: Uint8Array, side: number, out: Uint8Array): void {
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const from = (y * side + x) * 3;
      const to = (y * side + side - 1 - x) * 3;
      out[to] = pixels[from] as number;
      out[to + 1] = pixels[from + 1] as number;
      out[to + 2] = pixels[from + 2] as number;
    }
}
