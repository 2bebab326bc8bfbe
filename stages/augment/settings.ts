import { unexpected } from "../../shared/errors.ts";
import type { ViewConfig } from "../../shared/image/view.ts";
import type { AugmentConfig } from "./config.ts";

/** The config's texts as numbers. */
export function viewConfig(config: AugmentConfig): ViewConfig {
  const { inputSize, flip, rotation } = config;
  const resize = config.resize === 0 ? inputSize : config.resize;
  if (resize < inputSize)
    throw unexpected("usage", {
      where: "augment",
      expected: `at least the input size, ${inputSize},`,
      subject: "--resize",
      got: String(resize),
    });
  const [low = 0, high = 0] = numbersOf(config.scale);
  const [narrow = 0, wide = 0] = numbersOf(config.ratio);
  const [brightness = 0, contrast = brightness, saturation = brightness] = numbersOf(config.jitter);
  return {
    inputSize,
    resize,
    scale: [low, high],
    ratio: [narrow, wide],
    flip,
    rotation,
    jitter: { brightness, contrast, saturation },
  };
}

function numbersOf(text: string): number[] {
  return text.split(",").map(Number);
}
