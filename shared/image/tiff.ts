import { UnsupportedFormat } from "./signature.ts";

/** Tags of TIFF 6.0 and DNG 1.7 that tell whether the first image of a file is the photo. */
const tags = { subfileType: 254, photometric: 262, sampleFormat: 339, dngVersion: 50_706 } as const;

/** Photometric interpretations of sensor data: a colour filter array, and linear raw. */
const sensorData = [32_803, 34_892];

/** Of those types of values that are not four bytes long: BYTE, ASCII, SHORT, SBYTE, UNDEFINED. */
const bytesOfType: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 6: 1, 7: 1 };

const floatingPoint = 3;
const reducedImage = 1;

/**
 * Refuses what libtiff would decode into another picture than the one that is meant: camera raws
 * (DNG, NEF, ARW are TIFFs whose first image is a preview the size of a stamp) and samples in
 * floating point, whose scale nobody names.
 *
 * @throws UnsupportedFormat that names the kind
 */
export function expectPlainTiff(bytes: Uint8Array): void {
  const entries = firstDirectory(bytes);
  if (entries === null) return; // libtiff says what is wrong with it
  const value = (tag: number) => entries.get(tag) ?? null;
  const isPreview = ((value(tags.subfileType) ?? 0) & reducedImage) !== 0;
  if (value(tags.dngVersion) !== null || isPreview || sensorData.includes(value(tags.photometric) ?? -1))
    throw new UnsupportedFormat("camera raw: convert it to JPEG or TIFF first");
  if (value(tags.sampleFormat) === floatingPoint)
    throw new UnsupportedFormat("TIFF of floating-point samples: convert it to 8 or 16 bits first");
}

/**
 * The first value of each tag of the first directory; null where the file has none that can be
 * read, or is a BigTIFF.
 */
function firstDirectory(bytes: Uint8Array): ReadonlyMap<number, number> | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const short = (at: number) => view.getUint16(at, little);
  const long = (at: number) => view.getUint32(at, little);
  if (bytes.length < 8 || short(2) !== 42) return null;
  const start = long(4);
  if (start + 2 > bytes.length) return null;
  const end = start + 2 + short(start) * 12;
  if (end > bytes.length) return null;
  const entries = new Map<number, number>();
  for (let at = start + 2; at < end; at += 12) {
    const type = short(at + 2);
    const bytesOfAll = long(at + 4) * (bytesOfType[type] ?? 4);
    // More than fits beside the tag stands elsewhere.
    const place = bytesOfAll <= 4 ? at + 8 : long(at + 8);
    if (place + 4 <= bytes.length) entries.set(short(at), type === 3 ? short(place) : long(place));
  }
  return entries;
}
