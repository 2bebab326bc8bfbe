import { randomFor } from "../random.ts";
import { after, identity, type Affine } from "./affine.ts";
import { centreCrop } from "./operations/centre-crop.ts";
import { colourFactors, type ColourFactors, type ColourStrengths } from "./operations/colour-jitter.ts";
import { horizontalFlip } from "./operations/flip.ts";
import type { Operation } from "./operations/operation.ts";
import { randomResizedCrop, type Range } from "./operations/random-resized-crop.ts";
import { resizedSize } from "./operations/resize.ts";
import { rotation } from "./operations/rotation.ts";
import type { Size } from "./pixels.ts";

/** How photos are made into views. */
export interface ViewConfig {
  /** side of a view in pixels */
  readonly inputSize: number;
  /** what a photo's shorter side is resized to before it is cropped; at least `inputSize` */
  readonly resize: number;
  /** share of the resized photo's area that a random crop covers */
  readonly scale: Range;
  /** width over height of a random crop */
  readonly ratio: Range;
  /** probability of a horizontal flip */
  readonly flip: number;
  /** largest rotation to either side, in degrees */
  readonly rotation: number;
  readonly jitter: ColourStrengths;
}

/** What is to be seen in one view of one photo: a square cut out of the resized photo (its frame). */
export interface View {
  /** the photo's size after Resize */
  readonly frame: Size;
  /** side of the view */
  readonly side: number;
  /** from the view's coordinates to the frame's */
  readonly toFrame: Affine;
  /** from the view's coordinates to those of the crop before it was turned; what lies outside [0, side]² is black */
  readonly toCrop: Affine;
  /** null where colours stay */
  readonly colour: ColourFactors | null;
}

/** View 0, the same for everyone: Resize and CentreCrop. */
function cleanView(config: ViewConfig, photo: Size): View {
  const { inputSize } = config;
  return {
    frame: resizedSize(photo, config.resize),
    side: inputSize,
    toFrame: compose([centreCrop(inputSize)], resizedSize(photo, config.resize), () => 0),
    toCrop: identity,
    colour: null,
  };
}

/**
 * View `number` of a photo: view 0 is the clean one; each other a random one, a function of the seed, the photo and
 * its number alone: Resize, RandomResizedCrop, horizontal flip, rotation, colour jitter, drawn in this order.
 *
 * @param sha256 of the photo's file
 * @param photo the photo's size, its EXIF orientation applied
 */
export function viewOf(seed: number, sha256: string, number: number, config: ViewConfig, photo: Size): View {
  if (number === 0) return cleanView(config, photo);
  const random = randomFor(seed, sha256, number);
  const { inputSize: side, scale, ratio } = config;
  const frame = resizedSize(photo, config.resize);
  const toCropped = compose(
    [randomResizedCrop(side, scale, ratio), horizontalFlip(config.flip)],
    frame,
    random,
  );
  const toCrop = compose([rotation(config.rotation)], { width: side, height: side }, random);
  return {
    frame,
    side,
    toFrame: after(toCropped, toCrop),
    toCrop,
    colour: colourFactors(config.jitter, random),
  };
}

/** The operations as one transform, from the coordinates of what the last one makes to those of the first one's input. */
function compose(operations: readonly Operation[], input: Size, random: () => number): Affine {
  let [size, toInput] = [input, identity];
  for (const operation of operations) {
    const step = operation(size, random);
    size = step.size;
    toInput = after(toInput, step.toInput);
  }
  return toInput;
}
