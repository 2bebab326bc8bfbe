import type { ViewConfig } from "../../../shared/image/view.ts";

/** The recipe's random views, of a side of so many pixels. */
export function recipeOf(side: number): ViewConfig {
  return {
    inputSize: side,
    resize: side,
    scale: [0.08, 1],
    ratio: [3 / 4, 4 / 3],
    flip: 0.5,
    rotation: 30,
    jitter: { brightness: 0, contrast: 0, saturation: 0 },
  };
}
