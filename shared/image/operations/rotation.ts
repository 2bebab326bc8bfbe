import type { Affine } from "../affine.ts";
import type { Size } from "../pixels.ts";
import type { Operation } from "./operation.ts";

/** RandomRotation: an angle uniform in ±`degrees`, about the centre, the size kept. */
export function rotation(degrees: number): Operation {
  return (size, random) => ({ size, toInput: rotated(size, degrees * (2 * random() - 1)) });
}

/** Where each point of an image turned counter-clockwise by `degrees` about its centre came from. */
export function rotated({ width, height }: Size, degrees: number): Affine {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = [width / 2, height / 2];
  return { a: cos, b: -sin, c: x - cos * x + sin * y, d: sin, e: cos, f: y - sin * x - cos * y };
}
