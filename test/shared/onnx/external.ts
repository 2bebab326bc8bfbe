import { serializeModel } from "../../../shared/onnx/file.ts";
import type { Graph } from "../../../shared/onnx/graph.ts";
import { decodeModel, type Draft, encodeModel } from "../../../shared/onnx/schema.ts";

/** A model whose weights lie in another file, as torch.onnx.export writes it. */
export interface SplitModel {
  readonly model: Uint8Array;
  readonly data: Uint8Array;
}

/** @param location by which the model names the other file */
export function withExternalData(graph: Graph, location: string): SplitModel {
  const { graph: inner, ...model } = decodeModel(serializeModel(graph));
  if (inner === null) throw new Error("a model without a graph");
  const pieces: Uint8Array[] = [];
  let offset = 0;
  const initializer = inner.initializer.map(({ name, dims, data_type, raw_data }) => {
    const entries = { location, offset: String(offset), length: String(raw_data.length) };
    pieces.push(raw_data);
    offset += raw_data.length;
    return {
      ...{ name, dims, data_type, data_location: 1 },
      external_data: Object.entries(entries).map(([key, value]) => ({ key, value })),
    };
  });
  // A decoded message has null where one to encode leaves a field out.
  const split = { ...model, graph: { ...inner, initializer } } as Draft<"ModelProto">;
  return { model: encodeModel(split), data: Buffer.concat(pieces) };
}
