import { expect, it } from "vitest";
import { centreBox, centreCrop } from "../../../../shared/image/operations/centre-crop.ts";
import { goldenSizes } from "../golden.ts";

it.each(goldenSizes)(
  "cuts the middle of $resized where torchvision cuts it",
  ({ resized: [width, height], left, top }) => {
    expect(centreBox({ width, height }, 224)).toEqual({ left, top, width: 224, height: 224 });
  },
);

it("rounds half a pixel to the even side", () => {
  expect(centreBox({ width: 225, height: 227 }, 224)).toMatchObject({ left: 0, top: 2 });
});

it("leads from the crop's coordinates to the image's", () => {
  const { size, toInput } = centreCrop(10)({ width: 30, height: 20 }, Math.random);
  expect(size).toEqual({ width: 10, height: 10 });
  expect(toInput).toEqual({ a: 1, b: 0, c: 10, d: 0, e: 1, f: 5 });
});
