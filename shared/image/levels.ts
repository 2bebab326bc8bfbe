import type { Arena } from "./arena.ts";
import type { Box, Pixels, Raster, Size } from "./pixels.ts";
import { resample } from "./resample.ts";

/** A photo at one of its sizes, and how many of its pixels make one of the frame's, across and down. */
interface Level {
  readonly raster: Raster;
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
  readonly arena: Arena;
  /** The level for a view of which one pixel spans `span` pixels of the frame. */
  at(span: number): Level;
  /** Writes a part of the frame, RGB rows, to an address. */
  cut(window: Box, out: number): void;
}

/**
 * @param frame the photo's size after Resize
 * @param arena its memory is this photo's from here on: what an earlier one had there is gone
 */
export function levelsOf(photo: Pixels, frame: Size, arena: Arena): Levels {
  arena.release(0);
  const perFrame = { x: photo.width / frame.width, y: photo.height / frame.height };
  const halves: Level[] = [{ raster: stored(photo, arena), perFrame }];
  const shrinks = perFrame.x > 1;
  let wholeFrame: Level | null = null;

  const half = (k: number): Level => {
    const known = halves[k];
    if (known !== undefined) return known;
    const twice = half(k - 1);
    const made = {
      raster: halved(twice.raster, arena),
      perFrame: { x: twice.perFrame.x / 2, y: twice.perFrame.y / 2 },
    };
    halves.push(made);
    return made;
  };
  const resized = (): Level => {
    if (wholeFrame !== null) return wholeFrame;
    const address = arena.take(frame.width * frame.height * 3);
    resample(arena, half(0).raster, frame, { left: 0, top: 0, ...frame }, address);
    wholeFrame = { raster: { address, ...frame }, perFrame: { x: 1, y: 1 } };
    return wholeFrame;
  };

  return {
    arena,
    at(span) {
      if (shrinks && span * widest >= 1) return resized();
      let k = 0;
      while ((span * perFrame.x) / 2 ** k > widest) k++;
      return half(k);
    },
    cut(window, out) {
      if (wholeFrame === null) resample(arena, half(0).raster, frame, window, out);
      else copyBox(arena, wholeFrame.raster, window, out);
    },
  };
}

function stored({ data, width, height }: Pixels, arena: Arena): Raster {
  const address = arena.take(data.length);
  arena.bytes().set(data, address);
  return { address, width, height };
}

function copyBox(arena: Arena, image: Raster, { left, top, width, height }: Box, out: number): void {
  for (let y = 0; y < height; y++) {
    const from = image.address + ((top + y) * image.width + left) * 3;
    arena.bytes().copyWithin(out + y * width * 3, from, from + width * 3);
  }
}

/** Half the size, four pixels averaged into one; an odd last row or column is left out. */
function halved(image: Raster, arena: Arena): Raster {
  const [width, height] = [Math.max(1, image.width >> 1), Math.max(1, image.height >> 1)];
  const address = arena.take(width * height * 3);
  const bytes = arena.bytes();
  const row = image.width * 3;
  // An image that is one pixel wide or high is its own neighbour.
  const across = image.width > 1 ? 3 : 0;
  const down = image.height > 1 ? row : 0;
  let o = address;
  for (let y = 0; y < height; y++) {
    let p = image.address + y * 2 * row;
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const q = p + down;
        const sum =
          (bytes[p] as number) +
          (bytes[p + across] as number) +
          (bytes[q] as number) +
          (bytes[q + across] as number);
        bytes[o++] = (sum + 2) >> 2;
        p++;
      }
      p += 3;
    }
  }
  return { address, width, height };
}
