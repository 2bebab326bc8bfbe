import { describe, expect, it } from "vitest";
import { formatOf, startsAsPhoto, whyNotRead } from "../../../shared/image/signature.ts";

/** A file's head: Latin-1 text, zeros behind it. */
const head = (text: string, length = 96) =>
  Uint8Array.from({ length: Math.max(length, text.length) }, (_, i) => text.charCodeAt(i) || 0);

const brands = (...names: readonly string[]) =>
  head(
    `\0\0\0${String.fromCharCode(12 + 4 * names.length)}ftyp${names[0] ?? ""}\0\0\0\0${names.slice(1).join("")}`,
  );

describe("the first bytes of a photo that is read", () => {
  it.each([
    ["JPEG", head("\xff\xd8\xff\xe1")],
    ["PNG", head("\x89PNG\r\n\x1a\n")],
    ["WebP", head("RIFF\x10\0\0\0WEBPVP8 ")],
    ["GIF", head("GIF89a")],
    ["TIFF", head("II*\0\x08\0\0\0")],
    ["TIFF", head("MM\0*\0\0\0\x08")],
    ["BMP", head(`BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0`)],
    ["HEIC", brands("heic", "mif1", "heic")],
    ["HEIC", brands("mif1", "heic", "hevc")],
    ["HEIC", brands("heix", "mif1", "miaf")],
    ["AVIF", brands("avif", "avif", "mif1", "miaf")],
    ["AVIF", brands("mif1", "miaf", "avif")],
    ["HEIF", brands("mif1", "miaf")],
  ])("are those of %s", (name, bytes) => {
    expect(formatOf(bytes)).toEqual({ name, isRead: true });
    expect(startsAsPhoto(bytes)).toBe(true);
    expect(startsAsPhoto(bytes.subarray(0, 32))).toBe(true);
  });
});

describe("a file that is not read", () => {
  it.each([
    ["SVG", head('<svg xmlns="http://www.w3.org/2000/svg">')],
    ["SVG", head('<?xml version="1.0"?>\n<svg width="9">')],
    ["HTML", head("\n<!doctype html><title>404")],
    ["PDF", head("%PDF-1.4")],
    ["JPEG 2000", head("\0\0\0\x0cjP  \r\n\x87\n")],
    ["JPEG XL", head("\xff\x0a")],
    ["MP4 video", brands("mp42", "isom")],
    ["MOV video", brands("qt  ", "qt  ")],
    ["Canon raw (CR3)", brands("crx ", "isom")],
    ["Canon raw (CR2)", head("II*\0\x10\0\0\0CR\x02\0")],
    ["ZIP", head("PK\x03\x04")],
    ["text", head("BMW, Audi, and other words in the file", 0)],
    ["Git LFS pointer", head("version https://git-lfs.github.com/spec/v1", 0)],
  ])("is called %s, with what is read", (name, bytes) => {
    expect(startsAsPhoto(bytes)).toBe(false);
    expect(whyNotRead(bytes)).toBe(`not read: ${name} (JPEG, PNG, WebP, TIFF, GIF, AVIF, HEIC and BMP are)`);
  });
  it("of no known kind, or with nothing in it, is said to be so", () => {
    expect(formatOf(Uint8Array.of(1, 2, 3, 200))).toBeNull();
    expect(whyNotRead(Uint8Array.of(1, 2, 3, 200))).toMatch(/^not read: no image of a known kind/);
    expect(whyNotRead(new Uint8Array())).toBe("an empty file");
  });
});
