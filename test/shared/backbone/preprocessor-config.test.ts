import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readPreprocessorConfig } from "../../../shared/backbone/preprocessor-config.ts";
import { temporaryFolder } from "../../folder.ts";

/** What is read beside a network, of fields or of a text. */
function read(config: object | string) {
  const folder = temporaryFolder();
  const text = typeof config === "string" ? config : JSON.stringify(config);
  writeFileSync(path.join(folder, "preprocessor_config.json"), text);
  return readPreprocessorConfig(path.join(folder, "network.onnx"));
}

const imageNet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const half = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
const all = (value: number) => [value, value, value];

describe("a preprocessor_config.json", () => {
  it.each<[string, object, object | null]>([
    [
      "rescales and normalises",
      { ...half, do_rescale: true, do_normalize: true },
      { mean: all(127.5), std: all(127.5) },
    ],
    [
      "is an older one, without do_rescale",
      { ...half, do_normalize: true },
      { mean: all(127.5), std: all(127.5) },
    ],
    [
      "has ImageNet's numbers",
      { ...imageNet, rescale_factor: 0.00392156862745098 },
      { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] },
    ],
    [
      "has one number for all channels",
      { image_mean: 0.5, image_std: [0.5] },
      { mean: all(127.5), std: all(127.5) },
    ],
    ["rescales only", { do_rescale: true, do_normalize: false }, { mean: all(0), std: all(255) }],
    ["does neither", { ...half, do_rescale: false, do_normalize: false }, { mean: all(0), std: all(1) }],
    [
      "normalises pixels of 0 to 255",
      { image_mean: all(120), image_std: all(60), do_rescale: false },
      { mean: all(120), std: all(60) },
    ],
    [
      "rescales with an offset",
      { rescale_factor: 1 / 127.5, rescale_offset: true, do_normalize: false },
      { mean: all(127.5), std: all(127.5) },
    ],
    [
      "is EfficientNet's with its classifier, which divides twice",
      { ...half, include_top: true },
      { mean: all(127.5), std: all(63.75) },
    ],
    ["says nothing of it", { size: 224, do_normalize: null }, null],
  ])("that %s", async (_, fields, normalisation) => {
    expect((await read(fields))?.normalisation).toEqual(normalisation);
  });

  it.each<[object, object]>([
    [{ size: 224 }, { crop: 224, resize: 224 }],
    [{ size: { height: 384, width: 384 } }, { crop: 384, resize: 384 }],
    [
      { size: { shortest_edge: 256 }, do_center_crop: true, crop_size: { height: 224, width: 224 } },
      { crop: 224, resize: 256 },
    ],
    [
      { size: { shortest_edge: 224 }, crop_pct: 0.875 },
      { crop: 224, resize: 256 },
    ],
    [{ size: { height: 224, width: 320 } }, { crop: null, resize: null }],
    [
      { size: { shortest_edge: 256 }, do_resize: false },
      { crop: null, resize: null },
    ],
  ])("tells of sizes: %j", async (fields, sizes) => {
    expect(await read(fields)).toMatchObject(sizes);
  });

  it.each<[string, object | string, RegExp]>([
    ["no JSON", "{nope", /preprocessor_config\.json" but got no JSON/],
    ["two means", { image_mean: [0.5, 0.5], image_std: 0.5 }, /image_mean/],
    ["a mean alone", { image_mean: 0.5 }, /without both of image_mean and image_std/],
    ["no mean where it normalises", { do_normalize: true }, /without both/],
    ["a deviation of 0", { image_mean: 0.5, image_std: 0 }, /not above 0/],
    ["blue before red", { ...half, do_flip_channel_order: true }, /do_flip_channel_order/],
  ])("that has %s is refused, with the flag that does without it", async (_, config, message) => {
    await expect(read(config)).rejects.toThrow(message);
    await expect(read(config)).rejects.toThrow("--normalisation imagenet, half, unit or none");
  });

  it("is looked for above a folder called onnx, as transformers.js has it", async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "onnx"));
    writeFileSync(path.join(folder, "preprocessor_config.json"), JSON.stringify(half));
    expect(await readPreprocessorConfig(path.join(folder, "onnx/model.onnx"))).toMatchObject({
      path: path.join(folder, "preprocessor_config.json"),
    });
    mkdirSync(path.join(folder, "other"));
    expect(await readPreprocessorConfig(path.join(folder, "other/model.onnx"))).toBeNull();
  });
});
