import { describe, expect, it } from "vitest";
import { viewOf } from "../../../shared/image/view.ts";
import { recipeOf } from "./view-config.ts";

const config = recipeOf(224);
const photo = { width: 400, height: 533 };

describe("view 0", () => {
  it("is the middle of the resized photo, whatever the seed and the photo's bytes", () => {
    const view = viewOf(1, "a", 0, config, photo);
    expect(view.frame).toEqual({ width: 224, height: 298 });
    expect(view.toFrame).toEqual({ a: 1, b: 0, c: 0, d: 0, e: 1, f: 37 });
    expect(viewOf(2, "b", 0, config, photo)).toEqual(view);
  });
});

describe("a random view", () => {
  it("is a function of seed, photo and number alone", () => {
    const view = viewOf(1, "a", 1, config, photo);
    expect(viewOf(1, "a", 1, config, photo)).toEqual(view);
    expect(viewOf(2, "a", 1, config, photo)).not.toEqual(view);
    expect(viewOf(1, "b", 1, config, photo)).not.toEqual(view);
    expect(viewOf(1, "a", 2, config, photo)).not.toEqual(view);
  });
  it("keeps crop, flip and rotation where only the jitter changes", () => {
    const jitter = { brightness: 0.4, contrast: 0.4, saturation: 0.4 };
    const [plain, coloured] = [
      viewOf(1, "a", 1, config, photo),
      viewOf(1, "a", 1, { ...config, jitter }, photo),
    ];
    expect(coloured.toFrame).toEqual(plain.toFrame);
    expect(plain.colour).toBeNull();
    expect(coloured.colour).not.toBeNull();
  });
  it("keeps what is black apart from what is beyond the crop", () => {
    const still = viewOf(1, "a", 1, { ...config, rotation: 0 }, photo);
    expect(still.toCrop).toMatchObject({ a: 1, d: 0, e: 1 });
    const turned = viewOf(1, "a", 1, config, photo);
    expect(turned.toCrop.a ** 2 + turned.toCrop.d ** 2).toBeCloseTo(1);
    expect(turned.toCrop.d).not.toBe(0);
  });
});
