import { describe, expect, it } from "vitest";
import { config } from "../../../stages/augment/config.ts";
import { viewConfig } from "../../../stages/augment/settings.ts";
import { recipeOf } from "../../shared/image/view-config.ts";

const settings = (fields: object) => viewConfig(config.parse(fields));

describe("augment's config", () => {
  it("is the recipe's by default", () => {
    expect(settings({})).toEqual(recipeOf(224));
  });
  it("resizes to the input size unless told otherwise", () => {
    expect(settings({ inputSize: 128 }).resize).toBe(128);
    expect(settings({ inputSize: 128, resize: 146 }).resize).toBe(146);
    expect(() => settings({ resize: 200 })).toThrow(
      'augment: expected at least the input size, 224, for "--resize" but got 200',
    );
  });
  it("takes one strength of jitter or three", () => {
    expect(settings({ jitter: "0.4" }).jitter).toEqual({ brightness: 0.4, contrast: 0.4, saturation: 0.4 });
    expect(settings({ jitter: "0.4,.3,0" }).jitter).toEqual({
      brightness: 0.4,
      contrast: 0.3,
      saturation: 0,
    });
  });
  it("is the same with blanks and without, so that the keys are too", () => {
    expect(config.parse({ scale: " 0.5, 1" })).toEqual(config.parse({ scale: "0.5,1" }));
  });
  it.each([
    [{ scale: "1,0.08" }, "two shares of the area"],
    [{ scale: "0,1" }, "two shares of the area"],
    [{ scale: "0.5,2" }, "at most 1"],
    [{ scale: "0.5" }, "two shares of the area"],
    [{ ratio: "a,b" }, "two ratios"],
    [{ jitter: "0.1,0.2" }, "one strength"],
    [{ jitter: "-1" }, "one strength"],
    [{ flip: 2 }, "a probability"],
    [{ rotation: 200 }, "degrees"],
    [{ views: -1 }, "0 or more"],
  ])("refuses %j and says what it expected", (fields, message) => {
    expect(config.safeParse(fields).error?.issues[0]?.message).toContain(message);
  });
});
