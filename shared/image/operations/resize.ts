import type { Size } from "../pixels.ts";

/**
 * Resize: the size of an image whose shorter side becomes `side`; the longer one is cut to a whole number as
 * torchvision cuts it (transforms/functional.py `_compute_resized_output_size`, 0.29).
 */
export function resizedSize({ width, height }: Size, side: number): Size {
  const short = Math.min(width, height);
  const long = Math.trunc((side * Math.max(width, height)) / short);
  return width <= height ? { width: side, height: long } : { width: long, height: side };
}
