import { writeFileSync } from "node:fs";
import sharp from "sharp";
import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph } from "../../../shared/onnx/graph.ts";

const side = 8;

/** A classifier of photos by the side on which they are bright, made by hand: "left" or "right". */
function sidesGraph(metadata: Readonly<Record<string, string>> = sidesMetadata): Graph {
  const size = side * side * 3;
  const weights = new Float32Array(size * 2);
  for (let i = 0; i < size; i++)
    weights[i * 2 + (Math.floor(i / 3) % side < side / 2 ? 0 : 1)] = 1 / (255 * 48);
  const node = (op: string, inputs: string[], output: string, attributes = {}) => ({
    ...{ op, name: output, inputs, outputs: [output] },
    attributes,
  });
  return {
    opset: 17,
    inputs: [{ name: "image", type: "uint8", dims: ["n", side, side, 3] }],
    outputs: [{ name: "probabilities", type: "float32", dims: ["n", 2] }],
    nodes: [
      node("Cast", ["image"], "floats", { to: 1 }),
      node("Reshape", ["floats", "shape"], "rows"),
      node("MatMul", ["rows", "weights"], "scores"),
      node("Softmax", ["scores"], "probabilities", { axis: 1 }),
    ],
    initializers: new Map([
      ["shape", { type: "int64", dims: [2], data: BigInt64Array.from([-1n, BigInt(size)]) }],
      ["weights", { type: "float32", dims: [size, 2], data: weights }],
    ]),
    metadata,
  };
}

export const sidesMetadata = {
  labels: JSON.stringify(["left", "right"]),
  preprocessing: JSON.stringify({ resize: side, crop: side }),
};

/** Writes that classifier. */
export function writeSides(file: string, metadata?: Readonly<Record<string, string>>): string {
  writeFileSync(file, serializeModel(sidesGraph(metadata)));
  return file;
}

/** A PNG whose left part is white, and the rest black. */
export async function whiteFromLeft(share: number, size = side): Promise<Buffer> {
  const data = Buffer.alloc(size * size * 3);
  for (let i = 0; i < size * size; i++) if (i % size < share * size) data.fill(255, i * 3, i * 3 + 3);
  return sharp(data, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}
