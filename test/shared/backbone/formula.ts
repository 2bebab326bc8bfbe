import { createHash } from "node:crypto";
import type { Tensor } from "../../../shared/onnx/graph.ts";

/** The weights that scripts/make-resnet-golden.py gave to torchvision: its function `formula` again. */
export function formula(key: string, dims: readonly number[]): Tensor {
  const scaled = scaleOf(key, dims);
  const start = createHash("sha256").update(key).digest().readUInt32LE(0);
  const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
  for (let i = 0; i < data.length; i++) data[i] = scaled(mixed(start + i) / 2 ** 32);
  return { type: "float32", dims, data };
}

/** Two photos, normalised. */
export function pixels(side: number): Tensor {
  const { type, dims, data } = formula("pixels", [2, 3, side, side]);
  const deviation = Math.fround(Math.sqrt(24 / (3 * side * side)));
  return { type, dims, data: Float32Array.from(data as Float32Array, (value) => value / deviation) };
}

function scaleOf(key: string, dims: readonly number[]): (unit: number) => number {
  if (key.endsWith("running_var") || (dims.length === 1 && key.endsWith(".weight")))
    return (unit) => 0.5 + unit;
  if (dims.length === 1) return (unit) => 0.2 * (unit - 0.5);
  const range = Math.sqrt(24 / dims.slice(1).reduce((product, dim) => product * dim, 1));
  return (unit) => (unit - 0.5) * range;
}

/** MurmurHash3's finalizer (Appleby): uint32 to uint32. */
function mixed(position: number): number {
  let hash = position >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
