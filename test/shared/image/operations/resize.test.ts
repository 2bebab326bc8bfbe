import { expect, it } from "vitest";
import { resizedSize } from "../../../../shared/image/operations/resize.ts";
import { goldenSizes } from "../golden.ts";

it.each(goldenSizes)("gives a photo of $photo torchvision's size", ({ photo: [width, height], resized }) => {
  const size = resizedSize({ width, height }, 224);
  expect([size.width, size.height]).toEqual(resized);
});
