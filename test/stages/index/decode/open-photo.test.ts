import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { prepareSharp } from "../../../../shared/image/prepare-sharp.ts";
import { openPhoto, type OpenOptions } from "../../../../stages/index/decode/open-photo.ts";
import { picture } from "../../../shared/image/picture.ts";

prepareSharp();

const room = () => Promise.resolve(() => undefined);
const plain: OpenOptions = { maxPixels: 1e6, background: "white", damaged: "drop" };
const open = (bytes: Uint8Array, options: Partial<OpenOptions> = {}) =>
  openPhoto(bytes, { ...plain, ...options }, room);
const golden = (name: string) =>
  readFileSync(new URL(`../../../shared/image/golden/formats/${name}`, import.meta.url));

/** How many of 64 bits differ. */
function bitsBetween(a: string, b: string): number {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll("0", "").length;
}

describe("a photo of any format", () => {
  it("has the size, and nearly the hash, of what Pillow sees there", async () => {
    for (const name of ["photo.heic", "turned.heic", "10-bit.avif", "24-bit.bmp", "film.gif", "alpha.tiff"]) {
      const [verdict, reference] = [await open(golden(name)), await open(golden(`${name}.png`))];
      if (!("width" in verdict && "width" in reference)) throw new Error(JSON.stringify(verdict));
      expect([verdict.width, verdict.height], name).toEqual([reference.width, reference.height]);
      expect(bitsBetween(verdict.perceptualHash, reference.perceptualHash), name).toBeLessThan(7);
    }
  });
  it("is oversized by what its header says, before a pixel is decoded", async () => {
    for (const name of ["photo.heic", "photo.avif", "24-bit.bmp", "photo.tiff", "film.gif"])
      expect(await open(golden(name), { maxPixels: 3000 })).toEqual({
        reason: "oversized: 64 × 48 pixels, more than 3000",
      });
  });
  it("that is nothing but a header is damaged, and says what it is", async () => {
    expect(await open(golden("photo.heic").subarray(0, 60))).toEqual({
      reason: expect.stringMatching(/^truncated or damaged HEIC: /) as string,
    });
    expect(await open(golden("photo.avif").subarray(0, 60))).toEqual({
      reason: expect.stringMatching(/^truncated or damaged AVIF: /) as string,
    });
  });
});

describe("a JPEG that breaks off", () => {
  const { data, width, height } = picture(320, 240);
  const whole = sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();

  it("is damaged, or taken as far as it goes where such photos are kept", async () => {
    const holed = Buffer.from(await whole).fill(255, 6000, 6060);
    expect(await open(holed)).toEqual({
      reason: "truncated or damaged JPEG: Corrupt JPEG data: premature end of data segment",
    });
    expect(await open(holed, { damaged: "keep" })).toMatchObject({ width, height });
  });
});

describe("a cut-out", () => {
  it("has the hash of what is seen on the background, not of the colours hidden in it", async () => {
    const side = 64;
    const withHidden = (colour: number) => {
      const rgba = Uint8Array.from({ length: side * side * 4 }, (_, i) => {
        const [x, y] = [(i >> 2) % side, Math.floor((i >> 2) / side)];
        const isInside = (x - 20) ** 2 + (y - 30) ** 2 < 300;
        return isInside ? (i % 4 === 3 ? 255 : 90) : i % 4 === 3 ? 0 : (colour * x) % 256;
      });
      return sharp(rgba, { raw: { width: side, height: side, channels: 4 } })
        .png()
        .toBuffer();
    };
    const hidden = await Promise.all([0, 5].map(withHidden));
    const [one, other] = await Promise.all(hidden.map((file) => open(file)));
    expect(one).toEqual(other);
    expect(await open(hidden[0] as Buffer, { background: "black" })).not.toEqual(one);
  });
});
