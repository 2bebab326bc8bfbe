import { stretch } from "../affine.ts";
import type { Box, Size } from "../pixels.ts";
import type { Operation } from "./operation.ts";
import { roundHalfEven } from "./rounding.ts";

/**
 * The middle `side` × `side` pixels of an image that is no smaller; half a pixel is rounded as torchvision's CenterCrop
 * rounds it (transforms/functional.py `center_crop`, 0.29).
 */
export function centreBox({ width, height }: Size, side: number): Box {
  return {
    left: roundHalfEven((width - side) / 2),
    top: roundHalfEven((height - side) / 2),
    width: side,
    height: side,
  };
}

/** CenterCrop to `side` × `side`. */
export function centreCrop(side: number): Operation {
  return (input) => {
    const { left, top, width, height } = centreBox(input, side);
    return { size: { width, height }, toInput: stretch(1, 1, left, top) };
  };
}
