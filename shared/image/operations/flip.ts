import { identity, stretch } from "../affine.ts";
import type { Operation } from "./operation.ts";

/** RandomHorizontalFlip: left and right change places with this probability. */
export function horizontalFlip(probability: number): Operation {
  return (size, random) => ({
    size,
    toInput: random() < probability ? stretch(-1, 1, size.width, 0) : identity,
  });
}
