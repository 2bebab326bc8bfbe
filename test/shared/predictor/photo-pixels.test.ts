import sharp from "sharp";
import { expect, test } from "vitest";
import { newArena } from "../../../shared/image/arena.ts";
import { pixelRoom } from "../../../shared/image/pixel-room.ts";
import { pixelsOf, type PixelsWanted } from "../../../shared/predictor/photo-pixels.ts";
import { picture } from "../image/picture.ts";

const plain: PixelsWanted = { resize: 8, side: 8, maxPixels: 1e6, background: "white", damaged: "drop" };

async function read(source: Uint8Array, wanted: Partial<PixelsWanted> = {}) {
  const workplace = { arena: newArena(), room: pixelRoom(1e6) };
  return pixelsOf({ source, augmentation: undefined }, { ...plain, ...wanted }, workplace);
}

test("what is transparent is drawn on the background, in photos that are decoded whole and in large ones", async () => {
  for (const side of [10, 400]) {
    const create = { width: side, height: side, channels: 4, background: "#ff000000" } as const;
    const clear = await sharp({ create }).png().toBuffer();
    expect(await read(clear)).toEqual({ pixels: new Uint8Array(192).fill(255) });
    expect(await read(clear, { background: "black" })).toEqual({ pixels: new Uint8Array(192) });
  }
});

test("a JPEG that breaks off is read only where such photos are kept", async () => {
  const { data, width, height } = picture(200, 200);
  const whole = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
  const holed = Buffer.from(whole).fill(255, 4000, 4060);
  expect(await read(whole)).toHaveProperty("pixels");
  expect(await read(holed)).toEqual({
    unreadable: "truncated or damaged JPEG: Corrupt JPEG data: premature end of data segment",
  });
  expect(await read(holed, { damaged: "keep" })).toHaveProperty("pixels");
});

test("a file that is no photo is called what it is", async () => {
  expect(await read(Buffer.from("%PDF-1.4"))).toEqual({
    unreadable: "not read: PDF (JPEG, PNG, WebP, TIFF, GIF, AVIF, HEIC and BMP are)",
  });
});
