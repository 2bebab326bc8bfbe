import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodeRgb } from "../../../shared/image/decode.ts";
import { faultIn, judged } from "../../../shared/image/judged.ts";
import { prepareSharp } from "../../../shared/image/prepare-sharp.ts";
import { picture } from "./picture.ts";

prepareSharp();

const { data, width, height } = picture(320, 240);
const whole = await sharp(data, { raw: { width, height, channels: 3 } })
  .jpeg({ mozjpeg: false })
  .toBuffer();
/** where the scan's header and its data begin */
const scan = whole.indexOf(Buffer.of(0xff, 0xda));
const middle = Math.floor((scan + whole.length) / 2);

const spliced = (at: number, removed: number, added: readonly number[]) =>
  Buffer.concat([whole.subarray(0, at), Uint8Array.from(added), whole.subarray(at + removed)]);
const hole = (file: Buffer) => {
  const holed = Buffer.from(file);
  return holed.fill(255, middle, middle + 60);
};
const wrongRange = Buffer.from(whole);
wrongRange.writeUInt8(62, scan + 4 + 1 + 3 * 2 + 1);

const decode = (file: Uint8Array, damaged: "drop" | "keep", isAlone = true) =>
  judged(file, { damaged, isAlone }, (bytes, failOn) => decodeRgb(bytes, { background: "white", failOn }));

describe("a JPEG whose pixels break off", () => {
  it.each([
    ["has a hole in its scan", hole(whole)],
    ["lost a stretch of it", spliced(middle, 1200, [])],
    ["is cut", whole.subarray(0, middle)],
    ["has a hole behind a fault of its header that is harmless by itself", hole(wrongRange)],
    ["has a hole behind junk between its segments", hole(spliced(scan, 0, [1, 2, 3]))],
  ])("is damaged where it %s, unless such photos are kept", async (_, file) => {
    const error: unknown = await decode(file, "drop").catch((each: unknown) => each);
    expect(faultIn(error, file)).toMatch(/^truncated or damaged JPEG: Corrupt JPEG data: premature end/);
    await expect(decode(file, "keep")).resolves.toMatchObject({ width, height });
  });
});

describe("a JPEG with all of its pixels", () => {
  it.each([
    ["lacks its end", whole.subarray(0, whole.length - 2)],
    ["has junk between its segments", spliced(scan, 0, [1, 2, 3])],
    ["has junk before its end", spliced(whole.length - 2, 0, [0, 0, 0, 0, 0, 0, 0, 0])],
    ["has junk behind its end", spliced(whole.length, 0, [7, 7, 7, 7])],
    ["has a wrong range of coefficients in its scan's header", wrongRange],
    ["has no fault", whole],
  ])("is taken where it %s", async (_, file) => {
    const { data: decoded } = await decode(file, "drop");
    expect(Buffer.compare(decoded, (await decode(whole, "drop")).data)).toBe(0);
  });
});

describe("beside others, whose errors may be in its own", () => {
  it("a JPEG with any warning is left to be decoded alone", async () => {
    await expect(decode(wrongRange, "drop", false)).rejects.toThrow();
    await expect(decode(whole, "drop", false)).resolves.toMatchObject({ width, height });
  });
});

describe("another format", () => {
  it("that is cut is damaged, and says what it is", async () => {
    for (const [name, file] of [
      [
        "PNG",
        await sharp(data, { raw: { width, height, channels: 3 } })
          .png()
          .toBuffer(),
      ],
      ["AVIF", readFileSync(new URL("./golden/formats/photo.avif", import.meta.url))],
      ["HEIC", readFileSync(new URL("./golden/formats/photo.heic", import.meta.url))],
      ["BMP", readFileSync(new URL("./golden/formats/24-bit.bmp", import.meta.url))],
      ["TIFF", await sharp(whole).tiff({ compression: "none" }).toBuffer()],
      ["GIF", await sharp(whole).gif().toBuffer()],
      ["WebP", await sharp(whole).webp().toBuffer()],
    ] as const) {
      const cut = file.subarray(0, Math.floor(file.length / 2));
      const error: unknown = await decode(cut, "drop").catch((each: unknown) => each);
      expect(error).toBeInstanceOf(Error);
      expect(faultIn(error, cut)).toMatch(new RegExp(`^truncated or damaged ${name}: .*[a-z]`));
    }
  });
});
