import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bmpSize, decodeBmp } from "../../../shared/image/bmp.ts";
import { UnsupportedFormat } from "../../../shared/image/signature.ts";

const golden = (name: string) => readFileSync(new URL(`./golden/formats/${name}`, import.meta.url));

/** A file with other bytes from `at` on. */
function changed(name: string, at: number, bytes: readonly number[]): Buffer {
  const file = Buffer.from(golden(name));
  file.set(bytes, at);
  return file;
}

describe("a bitmap", () => {
  it.each([
    ["with run lengths", changed("8-bit.bmp", 30, [1]), /BMP of compression RLE8/],
    ["of another depth", changed("24-bit.bmp", 28, [7]), /BMP of 7 bits/],
  ])("%s is refused by name", (_, file, message) => {
    expect(() => decodeBmp(file)).toThrow(message);
    expect(() => decodeBmp(file)).toThrow(UnsupportedFormat);
  });
  it("that breaks off, or whose header promises more than there is, is damaged", () => {
    const file = golden("24-bit.bmp");
    expect(() => decodeBmp(file.subarray(0, 5000))).toThrow("its pixels break off");
    expect(() => decodeBmp(file.subarray(0, 40))).toThrow("its header breaks off");
    expect(() => decodeBmp(changed("24-bit.bmp", 18, [255, 255, 255, 127]))).toThrow("its pixels break off");
    expect(() => decodeBmp(changed("4-bit.bmp", 14, [255, 255, 0, 0]))).toThrow("its header breaks off");
  });
  it("says its size before a pixel is decoded", () => {
    expect(bmpSize(changed("24-bit.bmp", 18, [255, 255, 255, 127]))).toEqual({
      width: 2_147_483_647,
      height: 48,
    });
  });
});
