import { readFileSync } from "node:fs";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { randomFor } from "../../../../shared/random.ts";
import { nearDuplicates } from "../../../../shared/near-duplicates.ts";
import { openPhoto } from "../../../../stages/index/decode/open-photo.ts";
import { perceptualHash } from "../../../../stages/index/decode/perceptual-hash.ts";
import { isGood } from "../../../../stages/index/decode/verdict.ts";

interface Golden {
  readonly name: string;
  readonly channels: number;
  readonly pixels: string;
  readonly hash: string;
}

const goldens = JSON.parse(
  readFileSync(new URL("../golden/perceptual-hashes.json", import.meta.url), "utf8"),
) as Golden[];

it.each(goldens)("is ImageHash's phash: $name", (golden) => {
  expect(perceptualHash(Buffer.from(golden.pixels, "base64"), golden.channels)).toBe(golden.hash);
});

it("is all zeros for a picture of one colour, whatever its noise", () => {
  const flat = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => 200 + (i % 3));
  expect(perceptualHash(flat, 3)).toBe("0000000000000000");
});

it("has no bit of rounding's making where a picture has no detail along one side", () => {
  const stripes = (top: number) =>
    Uint8Array.from({ length: 32 * 32 }, (_, i) => top - (((i % 32) ** 2) >> 3));
  expect(perceptualHash(stripes(200), 1)).toMatch(/^..0{14}$/);
  expect(perceptualHash(stripes(200), 1)).toBe(perceptualHash(stripes(190), 1));
});

const random = randomFor("picture");

/** Waves of every length that a hash sees, as detail in a photo is. */
const waves = Array.from({ length: 64 }, (_, i) => ({
  across: (Math.PI * (i % 8)) / 300,
  down: (Math.PI * Math.floor(i / 8)) / 200,
  height: random() < 0.5 ? -9 : 9,
}));

const [width, height] = [300, 200];

function madePixels(): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const light = waves.reduce((sum, w) => sum + w.height * Math.cos(w.across * x) * Math.cos(w.down * y), 0);
    for (const [channel, share] of [1, 0.9, 0.8].entries())
      pixels[i * 3 + channel] = Math.min(255, Math.max(0, 120 + light * share));
  }
  return pixels;
}

const pixels = madePixels();

/** A made photo. */
function picture(): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

async function hashOf(photo: Sharp): Promise<string> {
  const options = { maxPixels: 1e8, background: "white", damaged: "drop" } as const;
  const verdict = await openPhoto(await photo.toBuffer(), options, () => Promise.resolve(() => undefined));
  if (!isGood(verdict)) throw new Error(verdict.reason);
  return verdict.perceptualHash;
}

async function bitsBetween(one: Sharp, other: Sharp): Promise<number> {
  return nearDuplicates([await hashOf(one), await hashOf(other)], 64)[0]?.distance ?? 0;
}

describe("the hash of a photo's copy", () => {
  it.each([
    ["compressed more", () => picture().jpeg({ quality: 30 })],
    ["smaller", () => picture().resize(90).jpeg()],
    ["so large that it is decoded at an eighth", () => picture().resize(1500).jpeg({ quality: 90 })],
    ["of another shape", () => picture().resize(200, 200, { fit: "fill" }).jpeg()],
    ["in grey", () => picture().greyscale().jpeg()],
    ["as WebP", () => picture().webp()],
    ["with 16 bits a channel", () => picture().toColourspace("rgb16").png()],
    ["with an alpha channel", () => picture().ensureAlpha().png()],
    ["in print's four colours", () => picture().toColourspace("cmyk").jpeg()],
    ["less its rim", () => picture().extract({ left: 2, top: 1, width: 297, height: 198 }).jpeg()],
  ])("differs in few bits: %s", async (_, copy) => {
    expect(await bitsBetween(picture().png(), copy())).toBeLessThanOrEqual(4);
  });

  it.each([2, 3, 4, 5, 6, 7, 8])("is the upright photo's under EXIF orientation %d", async (orientation) => {
    const stored = await picture().jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer();
    const upright = await sharp(stored).autoOrient().png().toBuffer();
    expect(
      await bitsBetween(sharp(stored).keepMetadata().jpeg({ quality: 95 }), sharp(upright).png()),
    ).toBeLessThanOrEqual(2);
    expect(await bitsBetween(picture().png(), sharp(upright).png())).toBeGreaterThan(10);
  });

  it("differs in many from another photo's", async () => {
    expect(await bitsBetween(picture().png(), picture().negate().png())).toBeGreaterThan(20);
  });
});
