import type { Size } from "./pixels.ts";
import type { RawPixels } from "./raw-pixels.ts";
import { UnsupportedFormat } from "./signature.ts";

/**
 * What a bitmap's header says (Windows' BITMAPCOREHEADER, BITMAPINFOHEADER and those that extend
 * it).
 */
interface Header extends Size {
  readonly bits: number;
  readonly isTopDown: boolean;
  /** where the pixels are */
  readonly pixels: number;
  readonly palette: { readonly at: number; readonly bytesEach: number; readonly colours: number };
  /** red, green, blue, alpha in a pixel of 16 or 32 bits */
  readonly masks: readonly number[];
}

const kindsOfCompression = ["none", "RLE8", "RLE4", "bit fields", "JPEG", "PNG", "bit fields"];
const bitFields = [3, 6];

/** The size that a bitmap's header says; no pixel is read. */
export function bmpSize(bytes: Uint8Array): Size {
  const { width, height } = headerOf(bytes);
  return { width, height };
}

/**
 * Decodes a Windows bitmap of 1, 4, 8, 16, 24 or 32 bits without run lengths, as Pillow's
 * BmpImagePlugin reads it: alpha is only what a mask names.
 *
 * @throws UnsupportedFormat where it is another one
 * @throws Error where it breaks off
 */
export function decodeBmp(bytes: Uint8Array): RawPixels {
  const header = headerOf(bytes);
  const { width, height, bits, isTopDown, pixels } = header;
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (pixels + stride * height > bytes.length) throw new Error("its pixels break off");
  const channels = header.masks[3] === 0 ? 3 : 4;
  const data = new Uint8Array(width * height * channels);
  const row = rowReader(bytes, header, channels);
  for (let y = 0; y < height; y++) {
    const stored = isTopDown ? y : height - 1 - y;
    row(pixels + stored * stride, data, y * width * channels);
  }
  return { data, width, height, channels, isPremultiplied: false };
}

function headerOf(bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = bytes.length < 26 ? 0 : view.getUint32(14, true);
  if (size === 0 || 14 + size > bytes.length) throw new Error("its header breaks off");
  const isCore = size === 12;
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const rows = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const compression = isCore ? 0 : view.getUint32(30, true);
  const hasMasks = bitFields.includes(compression);
  if (compression !== 0 && !hasMasks)
    throw new UnsupportedFormat(
      `BMP of compression ${kindsOfCompression[compression] ?? compression}: save it without`,
    );
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new UnsupportedFormat(`BMP of ${bits} bits a pixel`);
  if (width < 1 || rows === 0) throw new Error(`a header of ${width} × ${Math.abs(rows)} pixels`);
  const used = isCore ? 0 : view.getUint32(46, true);
  // With the oldest of the headers that can have masks, these follow it.
  const behind = hasMasks && size === 40 ? (compression === 6 ? 16 : 12) : 0;
  return {
    width,
    height: Math.abs(rows),
    bits,
    isTopDown: rows < 0,
    pixels: view.getUint32(10, true),
    palette: {
      at: 14 + size + behind,
      bytesEach: isCore ? 3 : 4,
      colours: used === 0 ? 2 ** Math.min(bits, 8) : Math.min(used, 256),
    },
    masks: hasMasks ? masksAt(view, size > 52 || behind === 16 ? 4 : 3) : plainMasks(bits),
  };
}

function masksAt(view: DataView, count: number): number[] {
  if (54 + count * 4 > view.byteLength) throw new Error("its header breaks off");
  return [0, 1, 2, 3].map((i) => (i < count ? view.getUint32(54 + i * 4, true) : 0));
}

function plainMasks(bits: number): number[] {
  return bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
}

type RowReader = (from: number, out: Uint8Array, at: number) => void;

function rowReader(bytes: Uint8Array, header: Header, channels: number): RowReader {
  const { width, bits, palette } = header;
  if (bits === 24)
    return (from, out, at) => {
      for (let i = 0; i < width * 3; i += 3) {
        out[at + i] = bytes[from + i + 2] as number;
        out[at + i + 1] = bytes[from + i + 1] as number;
        out[at + i + 2] = bytes[from + i] as number;
      }
    };
  if (bits > 8) return maskedReader(bytes, header, channels);
  if (palette.at + palette.colours * palette.bytesEach > bytes.length)
    throw new Error("its palette breaks off");
  const perByte = 8 / bits;
  return (from, out, at) => {
    for (let x = 0; x < width; x++) {
      const byte = bytes[from + Math.floor(x / perByte)] as number;
      const colour = (byte >> (8 - bits - (x % perByte) * bits)) & (2 ** bits - 1);
      // A colour that the palette lacks is black.
      if (colour >= palette.colours) continue;
      const entry = palette.at + colour * palette.bytesEach;
      for (let c = 0; c < 3; c++) out[at + x * 3 + c] = bytes[entry + 2 - c] as number;
    }
  };
}

function maskedReader(bytes: Uint8Array, { width, bits, masks }: Header, channels: number): RowReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = masks.slice(0, channels).map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, most: Math.max(1, mask >>> shift) };
  });
  return (from, out, at) => {
    for (let x = 0; x < width; x++) {
      const pixel = bits === 16 ? view.getUint16(from + x * 2, true) : view.getUint32(from + x * 4, true);
      for (const [c, { mask, shift, most }] of fields.entries())
        out[at + x * channels + c] = Math.floor((((pixel & mask) >>> shift) * 255) / most);
    }
  };
}
