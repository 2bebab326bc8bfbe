import { decodeRgb, sizeOf } from "../../../shared/image/decode.ts";
import { type Damaged, faultIn, judged } from "../../../shared/image/judged.ts";
import { besideOthersOrAlone, type Room, within } from "../../../shared/image/pixel-room.ts";
import { startsAsPhoto, whyNotRead } from "../../../shared/image/signature.ts";
import { hashedSide, perceptualHash } from "./perceptual-hash.ts";
import type { Verdict } from "./verdict.ts";

/** What a verdict depends on besides the photo's bytes. */
export interface OpenOptions {
  /** a photo of more is not decoded */
  readonly maxPixels: number;
  /** what transparent photos are hashed on */
  readonly background: string;
  readonly damaged: Damaged;
}

/**
 * Opens a photo: its first bytes, its header, all of its data decoded, and the hash of what it
 * shows.
 */
export async function openPhoto(bytes: Uint8Array, options: OpenOptions, room: Room): Promise<Verdict> {
  if (!startsAsPhoto(bytes)) return { reason: whyNotRead(bytes) };
  try {
    return await besideOthersOrAlone(room, (own, isAlone) => decoded(bytes, options, own, isAlone));
  } catch (error) {
    return { reason: faultIn(error, bytes) };
  }
}

/**
 * Decodes the whole file, its pixels made small on the way. A large JPEG's are made at an eighth of
 * its size (libjpeg's scaling), for which all of its data is read all the same: damage is found as
 * at full size.
 */
async function decoded(
  bytes: Uint8Array,
  { maxPixels, background, damaged }: OpenOptions,
  room: Room,
  isAlone: boolean,
): Promise<Verdict> {
  const { width, height } = await within(room, 0, () => sizeOf(bytes));
  const pixels = width * height;
  if (pixels > maxPixels) return { reason: `oversized: ${width} × ${height} pixels, more than ${maxPixels}` };
  const resize = { fit: "fill", side: hashedSide } as const;
  const { data } = await within(room, pixels, () =>
    judged(bytes, { damaged, isAlone }, (sound, failOn) => decodeRgb(sound, { background, failOn, resize })),
  );
  return { width, height, perceptualHash: perceptualHash(data, 3) };
}
