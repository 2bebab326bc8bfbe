import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadBackbone } from "../../shared/backbone/backbone.ts";
import { findBackbone } from "../../shared/backbone/backbones.ts";
import { frozenGraph } from "../../shared/backbone/frozen.ts";
import { resNetGraph, resNets, type ResNet } from "../../shared/backbone/resnet.ts";
import { cpuEngine } from "../../shared/engine/onnxruntime.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { Tensor } from "../../shared/onnx/graph.ts";
import { formula, pixels } from "../shared/backbone/formula.ts";
import { hasPython, python } from "./python.ts";

interface Golden {
  readonly side: number;
  /** largest absolute logit */
  readonly largest: number;
  /** of two photos, every 50th */
  readonly logits: readonly (readonly number[])[];
}
const file = new URL("../shared/backbone/golden/resnet.json", import.meta.url);
const golden = (JSON.parse(readFileSync(file, "utf8")) as { real: Record<string, Golden> }).real;

const folder = mkdtempSync(join(tmpdir(), "resnet-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function ran(model: Uint8Array, feeds: Record<string, Tensor>, output: string): Promise<Tensor> {
  const session = await cpuEngine().load(model, { threads: 1 });
  try {
    return (await session.run(feeds, [output]))[output] as Tensor;
  } finally {
    await session.close();
  }
}

describe.each(Object.entries(golden))("%s", (name, { side, largest, logits }) => {
  it("gives torchvision's logits with the same weights", async () => {
    const model = serializeModel(resNetGraph(resNets[name] as ResNet, 1000, formula));
    const given = (await ran(model, { input: pixels(side) }, "logits")).data as Float32Array;
    const differences = logits.flatMap((row, n) =>
      row.map((value, i) => Math.abs(value - (given[n * 1000 + i * 50] as number))),
    );
    expect(differences).toHaveLength(40);
    expect(Math.max(...differences) / largest).toBeLessThan(1e-4);
  });
});

/** A safetensors file with the tensors of a network, written here, since Python's package is no test's requirement. */
function writeSafetensors(path: string, tensors: ReadonlyMap<string, Tensor>): void {
  let at = 0;
  const header: Record<string, unknown> = {};
  const chunks: Uint8Array[] = [];
  for (const [name, { dims, data }] of tensors) {
    header[name] = { dtype: "F32", shape: dims, data_offsets: [at, at + data.byteLength] };
    chunks.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    at += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(path, Buffer.concat([length, text, ...chunks]));
}

const check = `
import sys, onnx
model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim][1:] for v in onnx.shape_inference.infer_shapes(model).graph.value_info}
print(shapes["pooled"], len(model.graph.initializer))`;

describe("resnet50 from a file of weights", () => {
  it("passes ONNX's checker, and gives features of 2048 and maps of [2048, 7, 7], of 9 × 9 from 288 pixels", async () => {
    const weights = join(folder, "weights.safetensors");
    writeSafetensors(weights, resNetGraph(resNets["resnet50"] as ResNet, 1000, formula).initializers);
    const bar = () => ({ advance: () => undefined, done: () => undefined });
    const progress = { line: () => undefined, bar };
    const signal = new AbortController().signal;
    const found = await findBackbone("resnet50", { weights, cache: folder, progress, signal });
    if (hasPython("onnx")) expect(python("-c", check, found.path).trim()).toBe("[2048] 267");

    const backbone = await loadBackbone(found);
    expect(backbone).toMatchObject({ features: 2048, spatial: "layer4.2", pooled: "pooled" });
    expect(backbone.blocks).toHaveLength(17);
    for (const [side, map] of [
      [224, 7],
      [288, 9],
    ] as const) {
      const sized = { ...backbone, preprocessing: { ...backbone.preprocessing, crop: side } };
      const image: Tensor = {
        type: "uint8",
        dims: [1, side, side, 3],
        data: new Uint8Array(3 * side * side),
      };
      const maps = await ran(serializeModel(frozenGraph(sized, "spatial")), { image }, "features");
      expect(maps.dims).toEqual([1, 2048, map, map]);
    }
  });
});
