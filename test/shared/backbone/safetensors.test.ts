import { describe, expect, it } from "vitest";
import { float32Tensor, parseSafetensors } from "../../../shared/backbone/safetensors.ts";

type Entry = readonly [dtype: string, shape: readonly number[], from: number, to: number];

/** A file of one header and as many bytes of data as said, which count 0, 1, 2, … */
function safetensors(header: Record<string, Entry>, dataBytes: number, pad = ""): Uint8Array {
  const listed = Object.entries(header).map(([name, [dtype, shape, ...data_offsets]]) => [
    name,
    { dtype, shape, data_offsets },
  ]);
  const metadata = { __metadata__: { format: "pt" } };
  return file(JSON.stringify({ ...metadata, ...Object.fromEntries(listed) }) + pad, dataBytes);
}

function file(text: string, dataBytes: number): Uint8Array {
  const header = Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Uint8Array.from({ length: dataBytes }, (_, i) => i)]);
}

function float32(dtype: string, bytes: Uint8Array): number[] {
  return [...float32Tensor({ dtype, dims: [bytes.length / 2], bytes }, "w", "file").data].map(Number);
}

function halves(...bits: number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(bits).buffer);
}

describe("a safetensors file", () => {
  it("gives its tensors by name, in any order of the header, unaligned or not", () => {
    for (const pad of ["", " ", "  ", "   "]) {
      const stored = parseSafetensors(
        safetensors(
          { b: ["F32", [2], 3, 11], a: ["U8", [3, 1], 0, 3], none: ["F32", [0, 4], 11, 11] },
          11,
          pad,
        ),
        "file",
      );
      expect([...stored.keys()].sort()).toEqual(["a", "b", "none"]);
      expect(stored.get("a")).toMatchObject({ dtype: "U8", dims: [3, 1] });
      const b = stored.get("b");
      const expected = new Float32Array(Uint8Array.of(3, 4, 5, 6, 7, 8, 9, 10).buffer);
      expect(b === undefined ? null : float32Tensor(b, "b", "file").data).toEqual(expected);
    }
  });

  it("may hold tensors of types that nobody here reads", () => {
    const stored = parseSafetensors(safetensors({ n: ["I64", [], 0, 8], f: ["F4", [2], 8, 9] }, 9), "file");
    expect([...stored.values()].map(({ dtype }) => dtype)).toEqual(["I64", "F4"]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["too short for a length", Uint8Array.of(1, 2), /expected at least 8 bytes for "weights" but got 2/],
    ["cut within its header", file("{}", 0).subarray(0, 9), /expected a header of 2 bytes .* but got 1/],
    ["cut within its tensors", safetensors({ a: ["F32", [2], 0, 8] }, 7), /8 bytes of tensors .* got 7/],
    ["longer than its tensors", safetensors({ a: ["F32", [2], 0, 8] }, 9), /8 bytes of tensors .* got 9/],
    [
      "one whose tensors overlap",
      safetensors({ a: ["F32", [2], 0, 8], b: ["F32", [2], 4, 12] }, 12),
      /the bytes of b from 8 on .* got 4 to 12/,
    ],
    [
      "one that gives the same bytes twice",
      safetensors({ a: ["F32", [2], 0, 8], b: ["F32", [2], 0, 8] }, 8),
      /the bytes of b from 8 on .* got 0 to 8/,
    ],
    [
      "one with a gap",
      safetensors({ a: ["F32", [1], 0, 4], b: ["F32", [1], 8, 12] }, 12),
      /the bytes of b from 4 on .* got 8 to 12/,
    ],
    ["one whose offsets run backwards", safetensors({ a: ["F32", [1], 0, -4] }, 0), /a JSON header/],
    [
      "one whose shape has another size",
      safetensors({ a: ["F32", [3], 0, 8] }, 8),
      /12 bytes of a, F32 \[3\], for "weights" but got 8/,
    ],
    ["one whose header is no JSON", file("{oops}", 0), /a JSON header of names/],
    ["one whose header is no table of tensors", file('{"a":1}', 0), /a JSON header of names/],
    ["a list", file("[]", 0), /a JSON header of names/],
    [
      "a file of torch.save",
      Buffer.from("PK\u0003\u0004 and more"),
      /a safetensors file .* a zip archive\n.*save_file/,
    ],
  ])("is refused where it is %s", (_, bytes, message) => {
    expect(() => parseSafetensors(bytes, "weights")).toThrow(message);
    expect(() => parseSafetensors(bytes, "weights")).toThrow(expect.objectContaining({ code: "artifact" }));
  });
});

describe("half floats", () => {
  it("of float16 are widened without loss: zeros, subnormals, normals, infinities", () => {
    const bits = [0x0000, 0x8000, 0x0001, 0x8200, 0x03ff, 0x0400, 0x3c00, 0xc248, 0x7bff, 0x7c00, 0xfc00];
    const values = [
      0,
      -0,
      2 ** -24,
      -(2 ** -15),
      1023 * 2 ** -24,
      2 ** -14,
      1,
      -3.140625,
      65504,
      Infinity,
      -Infinity,
    ];
    expect(float32("F16", halves(...bits))).toEqual(values);
    expect(float32("F16", halves(0x7e00))).toEqual([NaN]);
  });

  it("of bfloat16 are the upper half of a float32", () => {
    const bits = [0x0000, 0x8000, 0x3f80, 0xc049, 0x7f80, 0x0001];
    expect(float32("BF16", halves(...bits))).toEqual([0, -0, 1, -3.140625, Infinity, 2 ** -133]);
  });

  it("may begin at an odd byte", () => {
    const bytes = Uint8Array.of(0, ...halves(0x3c00, 0x4000)).subarray(1);
    expect(float32("F16", bytes)).toEqual([1, 2]);
    expect(float32("BF16", bytes)).toEqual([0.0078125, 2]);
  });
});
