import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { type DecodeOptions, decodeRgb } from "../../../shared/image/decode.ts";
import { picture, psnr } from "./picture.ts";

const { data, width, height } = picture(24, 16);
const plain: DecodeOptions = { background: "white", failOn: "truncated" };
const reduced500: DecodeOptions = { ...plain, resize: { fit: "outside", side: 500 } };
const image = () => sharp(data, { raw: { width, height, channels: 3 } });

describe("decodeRgb", () => {
  it("gives the bytes of a PNG and of a lossless WebP", async () => {
    for (const bytes of [await image().png().toBuffer(), await image().webp({ lossless: true }).toBuffer()]) {
      const decoded = await decodeRgb(bytes, plain);
      expect(decoded).toMatchObject({ width, height, original: { width, height } });
      expect(decoded.data).toEqual(data);
    }
  });
  it("turns a photo upright as its EXIF orientation says", async () => {
    const bytes = await image().withMetadata({ orientation: 6 }).png().toBuffer();
    const decoded = await decodeRgb(bytes, plain);
    expect(decoded).toMatchObject({
      width: height,
      height: width,
      original: { width: height, height: width },
    });
    // The top right pixel was the top left one.
    expect([...decoded.data.subarray((height - 1) * 3, height * 3)]).toEqual([...data.subarray(0, 3)]);
  });
  it("expands grey", async () => {
    const bytes = await image().greyscale().png().toBuffer();
    const decoded = await decodeRgb(bytes, plain);
    expect(decoded.data).toHaveLength(width * height * 3);
    const [r, g, b] = decoded.data.subarray(30, 33);
    expect([g, b]).toEqual([r, r]);
  });
  it("blends what is transparent with the background, whatever colour lies hidden there", async () => {
    const rgba = Uint8Array.of(200, 60, 40, 255, 7, 8, 9, 0, 200, 60, 40, 51, 90, 90, 90, 204);
    const cutOut = sharp(rgba, { raw: { width: 4, height: 1, channels: 4 } });
    const on = async (background: string, file: Buffer) => [
      ...(await decodeRgb(file, { ...plain, background })).data,
    ];
    const onWhite = [200, 60, 40, 255, 255, 255, 244, 216, 212, 123, 123, 123];
    const files = [
      cutOut.clone().png(),
      cutOut.clone().webp({ lossless: true, exact: true }),
      cutOut.clone().tiff({ compression: "lzw" }),
    ];
    for (const file of files) {
      const bytes = await file.toBuffer();
      expect(await on("white", bytes)).toEqual(onWhite);
      expect((await on("black", bytes)).slice(3, 9)).toEqual([0, 0, 0, 40, 12, 8]);
      expect((await on("#ff8000", bytes)).slice(3, 6)).toEqual([255, 128, 0]);
    }
    const grey = await cutOut.clone().toColourspace("b-w").png().toBuffer();
    expect((await on("#ff8000", grey)).slice(3, 6)).toEqual([255, 128, 0]);
  });
  it("rejects what is no photo", async () => {
    await expect(decodeRgb(Buffer.from("hello"), plain)).rejects.toThrow();
    await expect(
      decodeRgb(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`), plain),
    ).rejects.toThrow();
  });
  it("rejects a truncated photo", async () => {
    const bytes = await image().jpeg().toBuffer();
    await expect(decodeRgb(bytes.subarray(0, bytes.length - 200), plain)).rejects.toThrow();
  });
});

describe("decoded at a reduced size", () => {
  const large = picture(1600, 1200);
  const jpeg = sharp(large.data, { raw: { width: 1600, height: 1200, channels: 3 } })
    .blur(4)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 95 })
    .toBuffer();

  it("a photo knows how large it is in its file", async () => {
    const decoded = await decodeRgb(await jpeg, reduced500);
    expect(decoded).toMatchObject({ width: 500, height: 667, original: { width: 1200, height: 1600 } });
  });
  it("it looks the same as when it is decoded whole and resized", async () => {
    const reduced = await decodeRgb(await jpeg, reduced500);
    const whole = await sharp(await jpeg)
      .autoOrient()
      .raw()
      .toBuffer();
    const resized = await sharp(whole, { raw: { width: 1200, height: 1600, channels: 3 } })
      .resize(500, 667)
      .raw()
      .toBuffer();
    expect(psnr(reduced.data, resized)).toBeGreaterThan(40);
  });
  it("a smaller one stays as it is", async () => {
    const bytes = await image().png().toBuffer();
    expect((await decodeRgb(bytes, reduced500)).data).toEqual(data);
  });
});
