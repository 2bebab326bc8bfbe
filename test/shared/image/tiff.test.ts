import { describe, expect, it } from "vitest";
import { decodeRgb, sizeOf } from "../../../shared/image/decode.ts";
import { UnsupportedFormat } from "../../../shared/image/signature.ts";

/** A TIFF of one byte a pixel whose first directory has these entries more: tag, type, value. */
function tiff(...more: readonly (readonly [number, number, number])[]): Buffer {
  const entries = [
    ...[[256, 3, 2] as const, [257, 3, 2] as const, [258, 3, 8] as const, [259, 3, 1] as const],
    ...[[262, 3, 1] as const, [273, 4, 8] as const, [278, 3, 2] as const, [279, 4, 4] as const],
  ].filter(([tag]) => !more.some(([other]) => other === tag));
  const sorted = [...entries, ...more].sort(([a], [b]) => a - b);
  const file = Buffer.alloc(12 + 2 + sorted.length * 12 + 4);
  file.write("II*\0", "latin1");
  file.writeUInt32LE(12, 4);
  file.set([10, 20, 30, 40], 8);
  file.writeUInt16LE(sorted.length, 12);
  for (const [i, [tag, type, value]] of sorted.entries()) {
    const at = 14 + i * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  }
  return file;
}

describe("a TIFF", () => {
  const options = { background: "white", failOn: "truncated" } as const;
  it("is read", async () => {
    expect([...(await decodeRgb(tiff(), options)).data]).toEqual([10, 20, 30, 40].flatMap((v) => [v, v, v]));
  });
  it.each([
    ["whose first image is a preview, as a camera's raw has it", tiff([254, 4, 1]), /camera raw/],
    ["with sensor data", tiff([262, 3, 32_803]), /camera raw/],
    ["that is a DNG", tiff([50_706, 1, 0x0401]), /camera raw/],
    ["in floating point", tiff([339, 3, 3]), /floating-point/],
  ])("%s is refused by name", async (_, file, message) => {
    await expect(sizeOf(file)).rejects.toThrow(message);
    await expect(decodeRgb(file, options)).rejects.toThrow(UnsupportedFormat);
  });
});
