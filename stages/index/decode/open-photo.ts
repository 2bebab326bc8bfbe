import sharp from "sharp";
import { besideOthersOrAlone, type Room, within } from "../../../shared/image/pixel-room.ts";
import { startsAsPhoto } from "../../../shared/image/signature.ts";
import { hashedSide, perceptualHash } from "./perceptual-hash.ts";
import type { Verdict } from "./verdict.ts";

/** Opens a photo: its first bytes, its header, all of its data decoded, and the hash of what it shows. */
export async function openPhoto(bytes: Uint8Array, maxPixels: number, room: Room): Promise<Verdict> {
  if (!startsAsPhoto(bytes)) return { reason: "not a JPEG, PNG or WebP image" };
  try {
    return await besideOthersOrAlone(room, (own) => decoded(bytes, maxPixels, own));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { reason: `truncated or damaged: ${message.split("\n")[0] ?? ""}` };
  }
}

async function decoded(bytes: Uint8Array, maxPixels: number, room: Room): Promise<Verdict> {
  // The header is read without a limit, so that the reason can say how large the photo is.
  const header = await within(room, 0, () => sharp(bytes, { limitInputPixels: false }).metadata());
  const pixels = header.width * header.height;
  if (pixels > maxPixels)
    return { reason: `oversized: ${header.width} × ${header.height} pixels, more than ${maxPixels}` };
  const hash = await within(room, pixels, () => hashOf(bytes));
  return { width: header.autoOrient.width, height: header.autoOrient.height, perceptualHash: hash };
}

/**
 * Decodes the whole file, its pixels made small on the way. A large JPEG's are made at an eighth of its size (libjpeg's scaling), for
 * which all of its data is read all the same: damage is found as at full size.
 */
async function hashOf(bytes: Uint8Array): Promise<string> {
  // "truncated": damage that libjpeg mends with a warning is common in the wild and harmless.
  const { data, info } = await sharp(bytes, { limitInputPixels: false, failOn: "truncated" })
    .autoOrient()
    .removeAlpha()
    .resize(hashedSide, hashedSide, { fit: "fill" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return perceptualHash(data, info.channels);
}
