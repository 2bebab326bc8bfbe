import { engineNamed } from "../engine/engines.ts";
import { OutOfMemory } from "../engine/out-of-memory.ts";
import { unexpected } from "../errors.ts";
import { elementTypes } from "../onnx/element-types.ts";
import { serializeModel } from "../onnx/file.ts";
import type { Tensor } from "../onnx/graph.ts";
import type { Backbone } from "./backbone.ts";
import { preprocessorConfigName } from "./preprocessor-config.ts";

/**
 * The shape of every tensor that a network makes of one photo: it is run once on a black one, every
 * output asked for.
 */
export async function outputShapes(backbone: Backbone): Promise<Map<string, readonly number[]>> {
  const types = elementTypes(backbone.graph);
  const names = backbone.graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== ""));
  const outputs = names.map((name) => ({ name, type: types.get(name) ?? "float32", dims: [] }));
  const engine = await engineNamed("cpu");
  return atOpenSize(backbone, async () => {
    const session = await engine.load(serializeModel({ ...backbone.graph, outputs }), { threads: 1 });
    try {
      const results = await session.run({ [backbone.input]: blackPhoto(backbone) }, names);
      return new Map(Object.entries(results).map(([name, { dims }]) => [name, dims]));
    } finally {
      await session.close();
    }
  });
}

/**
 * Runs a network for the first time. One whose input leaves the size of photos open may have it in
 * its weights all the same, as a transformer's embeddings of places do: what does not fit shows
 * only here.
 *
 * @throws PipelineError `usage` where it takes no photos of that size
 */
export async function atOpenSize<Result>(backbone: Backbone, run: () => Promise<Result>): Promise<Result> {
  const { graph, preprocessing, name, remarks } = backbone;
  const sides = graph.inputs[0]?.dims.slice(1).filter((dim) => typeof dim === "number" && dim !== 3) ?? [];
  try {
    return await run();
  } catch (cause) {
    if (sides.length > 0 || cause instanceof OutOfMemory || !(cause instanceof Error)) throw cause;
    const [, node] = /(\w+ node\. Name:'[^']*')/.exec(cause.message) ?? [];
    const said = remarks.find((remark) => remark.startsWith(preprocessorConfigName));
    throw unexpected("usage", {
      where: "backbone",
      expected: "photos of the size that its weights fit",
      subject: name,
      got: `${preprocessing.crop} × ${preprocessing.crop} pixels (${node ?? cause.message.split("\n")[0] ?? ""})`,
      hint:
        said ??
        "its axes are free, its weights are not: --input-size N gives the side that it was trained on",
      cause,
    });
  }
}

function blackPhoto({ preprocessing: { crop, layout } }: Backbone): Tensor {
  const dims = layout === "NCHW" ? [1, 3, crop, crop] : [1, crop, crop, 3];
  return { type: "float32", dims, data: new Float32Array(3 * crop * crop) };
}
