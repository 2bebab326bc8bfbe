import type { Box, Pixels, Size } from "./pixels.ts";
import { resample } from "./resample.ts";

/** A photo at one of its sizes, and how many of its pixels make one of the frame's, across and down. */
export interface Level {
  readonly pixels: Pixels;
  readonly perFrame: { readonly x: number; readonly y: number };
}

/** Pixels of a level that one pixel of a view may span without being averaged first. */
const widest = 1.35;

/**
 * A decoded photo at the sizes that views are read from, each made when first asked for: the photo, its halves (boxes of
 * 2 × 2 averaged) and its frame (the photo resized as view 0 is, a triangle filter). A view is read from the one whose
 * pixels are about as large as the view's own, so that one bilinear interpolation neither aliases nor blurs much.
 */
export interface Levels {
  readonly frame: Size;
  /** The level for a view of which one pixel spans `span` pixels of the frame. */
  at(span: number): Level;
  /** Writes a part of the frame into `out`, RGB rows. */
  cut(window: Box, out: Uint8Array): void;
}

/** @param frame the photo's size after Resize */
export function levelsOf(photo: Pixels, frame: Size): Levels {
  const perFrame = { x: photo.width / frame.width, y: photo.height / frame.height };
  const halves: Level[] = [{ pixels: photo, perFrame }];
  const shrinks = perFrame.x > 1;
  let wholeFrame: Level | null = null;

  const half = (k: number): Level => {
    const known = halves[k];
    if (known !== undefined) return known;
    const twice = half(k - 1);
    const made = {
      pixels: halved(twice.pixels),
      perFrame: { x: twice.perFrame.x / 2, y: twice.perFrame.y / 2 },
    };
    halves.push(made);
    return made;
  };
  const resized = (): Level => {
    if (wholeFrame !== null) return wholeFrame;
    const data = new Uint8Array(frame.width * frame.height * 3);
    resample(photo, frame, { left: 0, top: 0, ...frame }, data);
    wholeFrame = { pixels: { data, ...frame }, perFrame: { x: 1, y: 1 } };
    return wholeFrame;
  };

  return {
    frame,
    at(span) {
      if (shrinks && span * widest >= 1) return resized();
      let k = 0;
      while ((span * perFrame.x) / 2 ** k > widest) k++;
      return half(k);
    },
    cut(window, out) {
      if (wholeFrame === null) resample(photo, frame, window, out);
      else copyBox(wholeFrame.pixels, window, out);
    },
  };
}

function copyBox(image: Pixels, { left, top, width, height }: Box, out: Uint8Array): void {
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    out.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
}

/** Half the size, four pixels averaged into one; an odd last row or column is left out. */
function halved({ data, width, height }: Pixels): Pixels {
  const size = { width: Math.max(1, width >> 1), height: Math.max(1, height >> 1) };
  const half = new Uint8Array(size.width * size.height * 3);
  const row = width * 3;
  let o = 0;
  for (let y = 0; y < size.height; y++) {
    let p = y * 2 * row;
    for (let x = 0; x < size.width; x++) {
      for (let c = 0; c < 3; c++) {
        const q = p + row;
        const sum =
          (data[p] as number) + (data[p + 3] as number) + (data[q] as number) + (data[q + 3] as number);
        half[o++] = (sum + 2) >> 2;
        p++;
      }
      p += 3;
    }
  }
  return { data: half, ...size };
}
