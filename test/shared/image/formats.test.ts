import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeRgb, sizeOf } from "../../../shared/image/decode.ts";
import { prepareSharp } from "../../../shared/image/prepare-sharp.ts";
import { goldenPixels } from "./golden.ts";
import { psnr } from "./picture.ts";

const folder = new URL("./golden/formats/", import.meta.url);
const names = readdirSync(folder).filter((name) => !/\.\w+\.png$/.test(name));
const options = { background: "white", failOn: "truncated" } as const;

prepareSharp();

/**
 * Ratios to Pillow's pixels: lossless formats and HEIC, whose decoder is Pillow's, have nothing to
 * round.
 */
const leastRatio = (name: string) => (/avif$|alpha|^inks|16-bit/.test(name) ? 38 : 60);

describe("a photo in each format, as scripts/make-photo-goldens.py made it", () => {
  it("is there in all that are read", () => {
    expect(new Set(names.map((name) => name.split(".")[1]))).toEqual(
      new Set(["heic", "avif", "tiff", "gif", "bmp", "png", "jpg"]),
    );
  });
  it.each(names)("%s has Pillow's pixels, upright", async (name) => {
    const bytes = readFileSync(new URL(name, folder));
    const { data, width, height, original } = await decodeRgb(bytes, options);
    expect(await sizeOf(bytes)).toEqual(original);
    expect({ width, height }).toEqual(
      /^turned|^mirrored/.test(name) ? { width: 48, height: 64 } : { width: 64, height: 48 },
    );
    expect(psnr(data, await goldenPixels(`formats/${name}.png`))).toBeGreaterThan(leastRatio(name));
  });
  it.each(names)("%s looks the same when it is decoded small", async (name) => {
    const bytes = readFileSync(new URL(name, folder));
    const whole = await decodeRgb(bytes, options);
    const small = await decodeRgb(bytes, { ...options, resize: { fit: "outside", side: 24 } });
    expect(small.original).toEqual(whole.original);
    expect(Math.min(small.width, small.height)).toBe(24);
    expect(meanOf(small.data)).toBeCloseTo(meanOf(whole.data), -0.5);
  });
});

function meanOf(data: Uint8Array): number {
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}
