/** A kind of file, told by its first bytes. */
export interface Format {
  /** as people write it: "JPEG", "HEIC" */
  readonly name: string;
  /** whether photos of this kind are decoded here */
  readonly isRead: boolean;
}

/** The endings that each format's files usually have, in small letters. */
export const formatEndings: Readonly<Record<string, readonly string[]>> = {
  JPEG: ["jpg", "jpeg", "jpe", "jfif", "pjpeg", "pjp"],
  PNG: ["png", "apng"],
  WebP: ["webp"],
  TIFF: ["tif", "tiff"],
  GIF: ["gif"],
  AVIF: ["avif", "avifs"],
  HEIC: ["heic", "heics", "heif", "hif"],
  HEIF: ["heif", "heic", "hif"],
  BMP: ["bmp", "dib"],
};

/** Why a whole kind of file is not read: the file itself may be sound. */
export class UnsupportedFormat extends Error {}

/** How many of a file's first bytes tell its kind. */
const signatureBytes = 64;

/** Names of the formats that are read, for messages. */
const readFormats = "JPEG, PNG, WebP, TIFF, GIF, AVIF, HEIC and BMP";

const read = (name: string): Format => ({ name, isRead: true });
const unread = (name: string): Format => ({ name, isRead: false });

/** Signatures as Latin-1 text, "?" for any byte; the first that fits tells. */
const signatures: readonly (readonly [string, Format])[] = [
  ["\xff\xd8\xff", read("JPEG")],
  ["\x89PNG\r\n\x1a\n", read("PNG")],
  ["RIFF????WEBP", read("WebP")],
  ["GIF87a", read("GIF")],
  ["GIF89a", read("GIF")],
  // Before TIFF, which these raws are built on.
  ["II*\0????CR\x02", unread("Canon raw (CR2)")],
  ["IIRO", unread("Olympus raw (ORF)")],
  ["IIU\0", unread("Panasonic raw (RW2)")],
  ["FUJIFILMCCD-RAW", unread("Fujifilm raw (RAF)")],
  ["II*\0", read("TIFF")],
  ["MM\0*", read("TIFF")],
  ["II+\0", read("TIFF")],
  ["MM\0+", read("TIFF")],
  ["\0\0\0\x0cjP  ", unread("JPEG 2000")],
  ["\xff\x4f\xff\x51", unread("JPEG 2000")],
  ["\xff\x0a", unread("JPEG XL")],
  ["\0\0\0\x0cJXL ", unread("JPEG XL")],
  ["II\xbc", unread("JPEG XR")],
  ["8BPS", unread("Photoshop (PSD)")],
  ["qoif", unread("QOI")],
  ["\0\0\x01\0", unread("icon (ICO)")],
  ["DDS ", unread("DDS")],
  ["v/1\x01", unread("OpenEXR")],
  ["#?RADIANCE", unread("Radiance HDR")],
  ["%PDF", unread("PDF")],
  ["%!PS", unread("PostScript")],
  ["PK\x03\x04", unread("ZIP")],
  ["PK\x05\x06", unread("ZIP")],
  ["\x1f\x8b", unread("gzip")],
  ["Rar!", unread("RAR")],
  ["7z\xbc\xaf\x27\x1c", unread("7-Zip")],
  ["\x1aE\xdf\xa3", unread("Matroska or WebM video")],
  ["RIFF????AVI ", unread("AVI video")],
  ["\x89HDF\r\n\x1a\n", unread("HDF5")],
  ["\x93NUMPY", unread("NumPy array")],
  ["ARROW1", unread("Arrow file")],
  ["PAR1", unread("Parquet file")],
  ["SQLite format 3", unread("SQLite database")],
];

/** Brands of ISO base media files, the most telling first. */
const brands: readonly (readonly [RegExp, Format])[] = [
  [/^avi[fs]$/, read("AVIF")],
  [/^he(?:i[cxms]|v[cxms])$/, read("HEIC")],
  [/^crx $/, unread("Canon raw (CR3)")],
  [/^(?:mp4.|isom|iso\d|avc1|M4V .?|3g[pe2].|dash|MSNV)$/, unread("MP4 video")],
  [/^qt {2}$/, unread("MOV video")],
  [/^jp2 $/, unread("JPEG 2000")],
  // What holds images, of a codec that it does not name: libheif knows most.
  [/^m(?:if|sf)\d$/, read("HEIF")],
];

/**
 * The kind of a file; a name says nothing about it (iPhones' photos, screenshots and what chats
 * send are called .jpg as they come).
 *
 * @param head the file's first `signatureBytes` bytes, or all of it
 * @returns null where no kind is known
 */
export function formatOf(head: Uint8Array): Format | null {
  const start = head.subarray(0, signatureBytes);
  const text = String.fromCharCode(...start);
  const signed = signatures.find(([signature]) => fits(text, signature))?.[1];
  return signed ?? bitmapOf(start, text) ?? containerOf(text) ?? textOf(start, text);
}

/** Whether a file's first bytes are those of a photo that is read, whatever its name says. */
export function startsAsPhoto(head: Uint8Array): boolean {
  return formatOf(head)?.isRead ?? false;
}

/** Why a file that does not start as a photo is not read. */
export function whyNotRead(head: Uint8Array): string {
  if (head.length === 0) return "an empty file";
  return `not read: ${formatOf(head)?.name ?? "no image of a known kind"} (${readFormats} are)`;
}

function fits(text: string, signature: string): boolean {
  for (let i = 0; i < signature.length; i++)
    if (signature[i] !== "?" && text[i] !== signature[i]) return false;
  return true;
}

/** "BM" begins many a text: a bitmap's header also says how long it is. */
function bitmapOf(head: Uint8Array, text: string): Format | null {
  if (!text.startsWith("BM") || head.length < 26) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return [12, 40, 52, 56, 64, 108, 124].includes(view.getUint32(14, true)) ? read("BMP") : null;
}

/**
 * ISO base media (HEIF, MP4): the first box names the brands; a photo's may stand behind a vaguer
 * one.
 */
function containerOf(text: string): Format | null {
  if (text.slice(4, 8) !== "ftyp") return null;
  const length = text.charCodeAt(2) * 256 + text.charCodeAt(3);
  const listed = text.slice(16, Math.max(16, length)).match(/[^]{4}/g) ?? [];
  const named = [text.slice(8, 12), ...listed];
  return (
    brands.find(([brand, { isRead }]) =>
      named.some((each, i) => brand.test(each) && (isRead || i === 0)),
    )?.[1] ?? unread("video or another ISO media file")
  );
}

function textOf(head: Uint8Array, text: string): Format | null {
  const start = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (/^(?:<\?xml[^]*)?(?:<!--[^]*)?<svg\b|<!DOCTYPE svg/i.test(start)) return unread("SVG");
  if (/^<(?:!DOCTYPE html|html|head|body)\b/i.test(start)) return unread("HTML");
  if (start.startsWith("<?xml")) return unread("XML (perhaps SVG)");
  if (start.startsWith("version https://git-lfs")) return unread("Git LFS pointer");
  const isText = head.length > 0 && head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
  return isText ? unread("text") : null;
}
