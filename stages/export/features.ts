import { numberFact, shapeFact, textFact } from "../../shared/artifacts/facts.ts";
import { cleanViews, type CleanRows } from "../../shared/arrow/clean-views.ts";
import { sizeOf } from "../../shared/arrow/tensor.ts";
import type { Backbone } from "../../shared/backbone/backbone.ts";
import { chosenBackbone } from "../../shared/backbone/chosen.ts";
import { frozenGraph } from "../../shared/backbone/frozen.ts";
import type { Session } from "../../shared/engine/engine.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import { serializeModel } from "../../shared/onnx/file.ts";
import type { StageContext } from "../../shared/stage.ts";
import type { ExportConfig } from "./run.ts";

/** The features that are exported, photo by photo in the order of the shards. */
export interface Features {
  readonly node: string;
  /** of one photo */
  readonly shape: readonly number[];
  readonly batches: AsyncIterable<CleanRows>;
  /** what made them: goes into the schema's metadata */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What embed kept where it kept the node, else computed from the clean pixels. */
export async function featuresOf(context: StageContext<ExportConfig>): Promise<Features> {
  const { config, inputs } = context;
  const { embed } = inputs;
  if (embed === undefined) throw new Error("export reads embed");
  const backbone = await chosenBackbone(context, numberFact(embed.manifest, "side"));
  const node = config.features;
  const metadata = {
    backbone: backbone.name,
    weights_sha256: backbone.sha256,
    preprocessing: JSON.stringify(backbone.preprocessing),
    node,
  };
  if (node === textFact(embed.manifest, "node")) {
    const shape = [numberFact(embed.manifest, "features")];
    return { node, shape, batches: cleanViews(embed), metadata };
  }
  return { node, metadata, ...(await computed(context, backbone)) };
}

async function computed({ config, inputs, workers }: StageContext<ExportConfig>, backbone: Backbone) {
  const { graph, output } = frozenGraph(backbone, config.features);
  const engine = await engineNamed("cpu");
  const session = await engine.load(serializeModel(graph), { threads: workers });
  const pixels = inputs["augment"];
  if (pixels === undefined) throw new Error("export reads augment");
  const shape = await shapeOf(session, output, shapeFact(pixels.manifest, "shape"));
  return { shape, batches: throughBackbone(session, output, cleanViews(pixels), config.exportBatch) };
}

/** Of one photo's features: what the graph gives for a black photo. */
async function shapeOf(
  session: Session,
  output: string,
  pixelShape: readonly number[],
): Promise<readonly number[]> {
  const image = {
    type: "uint8",
    dims: [1, ...pixelShape],
    data: new Uint8Array(sizeOf(pixelShape)),
  } as const;
  const { [output]: features } = await session.run({ image }, [output]);
  return features?.dims.slice(1) ?? [];
}

async function* throughBackbone(
  session: Session,
  output: string,
  pixels: AsyncIterable<CleanRows>,
  batch: number,
): AsyncGenerator<CleanRows> {
  for await (const { photos, shape, rows } of pixels) {
    const size = rows.length / photos.length;
    for (let first = 0; first < photos.length; first += batch) {
      const names = photos.slice(first, first + batch);
      const data = rows.subarray(first * size, (first + names.length) * size);
      const image = { type: "uint8", dims: [names.length, ...shape], data } as const;
      const { [output]: features } = await session.run({ image }, [output]);
      yield { photos: names, shape: features?.dims.slice(1) ?? [], rows: features?.data as Float32Array };
    }
  }
  await session.close();
}
