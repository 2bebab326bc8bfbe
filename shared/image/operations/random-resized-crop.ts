import type { Random } from "../../random.ts";
import { stretch } from "../affine.ts";
import type { Box, Size } from "../pixels.ts";
import type { Operation } from "./operation.ts";
import { roundHalfEven } from "./rounding.ts";

/** The smallest and the largest of what is drawn. */
export type Range = readonly [low: number, high: number];

const tries = 10;

/**
 * A random box: its area a share of the image's drawn from `scale`, its width over height log-uniform in `ratio`, its
 * place uniform. Where ten boxes do not fit, the largest centred one whose ratio is allowed. Method and rounding:
 * torchvision's `RandomResizedCrop.get_params` (transforms/transforms.py, 0.29).
 */
export function randomBox({ width, height }: Size, scale: Range, ratio: Range, random: Random): Box {
  const [logLow, logHigh] = [Math.log(ratio[0]), Math.log(ratio[1])];
  for (let attempt = 0; attempt < tries; attempt++) {
    const area = width * height * (scale[0] + (scale[1] - scale[0]) * random());
    const aspect = Math.exp(logLow + (logHigh - logLow) * random());
    const w = roundHalfEven(Math.sqrt(area * aspect));
    const h = roundHalfEven(Math.sqrt(area / aspect));
    if (w < 1 || w > width || h < 1 || h > height) continue;
    const top = Math.floor(random() * (height - h + 1));
    const left = Math.floor(random() * (width - w + 1));
    return { left, top, width: w, height: h };
  }
  return fallbackBox({ width, height }, ratio);
}

function fallbackBox({ width, height }: Size, ratio: Range): Box {
  let [w, h] = [width, height];
  if (width / height < ratio[0]) h = Math.min(height, roundHalfEven(width / ratio[0]));
  else if (width / height > ratio[1]) w = Math.min(width, roundHalfEven(height * ratio[1]));
  return { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h };
}

/** RandomResizedCrop: a random box, stretched to `side` × `side`. */
export function randomResizedCrop(side: number, scale: Range, ratio: Range): Operation {
  return (input, random) => {
    const { left, top, width, height } = randomBox(input, scale, ratio, random);
    return {
      size: { width: side, height: side },
      toInput: stretch(width / side, height / side, left, top),
    };
  };
}
