import { engineNamed } from "../engine/engines.ts";
import { elementTypes } from "../onnx/element-types.ts";
import { serializeModel } from "../onnx/file.ts";
import type { Tensor } from "../onnx/graph.ts";
import type { Backbone } from "./backbone.ts";

/** The shape of every tensor that a network makes of one photo: it is run once on a black one, every output asked for. */
export async function outputShapes(backbone: Backbone): Promise<Map<string, readonly number[]>> {
  const types = elementTypes(backbone.graph);
  const names = backbone.graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== ""));
  const outputs = names.map((name) => ({ name, type: types.get(name) ?? "float32", dims: [] }));
  const engine = await engineNamed("cpu");
  const session = await engine.load(serializeModel({ ...backbone.graph, outputs }), { threads: 1 });
  try {
    const results = await session.run({ [backbone.input]: blackPhoto(backbone) }, names);
    return new Map(Object.entries(results).map(([name, { dims }]) => [name, dims]));
  } finally {
    await session.close();
  }
}

function blackPhoto({ preprocessing: { crop, layout } }: Backbone): Tensor {
  const dims = layout === "NCHW" ? [1, 3, crop, crop] : [1, crop, crop, 3];
  return { type: "float32", dims, data: new Float32Array(3 * crop * crop) };
}
