import { unexpected } from "../errors.ts";
import { attributeMessage, parseAttribute } from "./attribute-file.ts";
import { elementType, type Graph, type GraphNode, type Port } from "./graph.ts";
import { decodeModel, encodeModel, type Draft, type Message } from "./schema.ts";
import {
  elementTypeOf,
  isExternal,
  noExternalData,
  numberOf,
  parseTensor,
  type ReadExternal,
  tensorMessage,
} from "./tensor-file.ts";

/**
 * Reads an ONNX file. Documentation strings and the shapes of inner tensors are left behind; an
 * initializer that the file also lists as an input (IR version 3 and older) is a constant.
 *
 * @param readExternal reads what lies in other files (external-data.ts); left out: the bytes are to
 *   be the whole model
 * @throws PipelineError `usage` where the bytes are no ONNX model, or it holds what no graph here
 *   can: subgraphs, functions, operators outside ONNX's own domain, sparse tensors, half floats
 */
export function parseModel(bytes: Uint8Array, readExternal: ReadExternal = noExternalData): Graph {
  const model = decoded(bytes);
  const graph = model.graph;
  const opset = model.opset_import.find(({ domain }) => isOnnx(domain));
  if (graph === null || opset === undefined) throw noModel("a file without a graph");
  if (model.functions.length > 0) throw unsupported("model", "functions of its own");
  if (graph.sparse_initializer.length > 0) throw unsupported("model", "sparse weights");
  const initializers = new Map(
    graph.initializer.map((tensor) => [tensor.name, parseTensor(tensor, tensor.name, readExternal)]),
  );
  return {
    opset: numberOf(opset.version),
    inputs: graph.input.filter(({ name }) => !initializers.has(name)).map(parsePort),
    outputs: graph.output.map(parsePort),
    nodes: graph.node.map((node) => parseNode(node, readExternal)),
    initializers,
    metadata: metadataOf(model),
  };
}

/** What a model's file says of it without its graph being read. */
export interface ModelHeader {
  /** tensors whose data lies in other files */
  readonly external: readonly Message<"TensorProto">[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws PipelineError `usage` where the bytes are no ONNX model */
export function readHeader(bytes: Uint8Array): ModelHeader {
  const model = decoded(bytes);
  const { initializer = [], node = [] } = model.graph ?? {};
  const values = node.flatMap(({ attribute }) => attribute.flatMap(({ t }) => (t === null ? [] : [t])));
  return { external: [...initializer, ...values].filter(isExternal), metadata: metadataOf(model) };
}

/**
 * Writes an ONNX file; the same graph gives the same bytes. Reading it back gives the same graph.
 */
export function serializeModel(graph: Graph): Uint8Array {
  return encodeModel({
    ir_version: irVersion(graph.opset),
    producer_name: "image-finetune",
    opset_import: [{ domain: "", version: graph.opset }],
    graph: {
      name: "graph",
      node: graph.nodes.map(nodeMessage),
      initializer: [...graph.initializers].map(([name, tensor]) => tensorMessage(tensor, name)),
      input: graph.inputs.map((port) => portMessage(port, true)),
      output: graph.outputs.map((port) => portMessage(port, port.dims.length > 0)),
    },
    metadata_props: Object.entries(graph.metadata).map(([key, value]) => ({ key, value })),
  });
}

/** The file format that came with an operator set: docs/Versioning.md of ONNX. */
function irVersion(opset: number): number {
  if (opset <= 18) return 8;
  if (opset <= 20) return 9;
  return opset <= 22 ? 10 : 11;
}

function metadataOf({ metadata_props }: Message<"ModelProto">): Record<string, string> {
  return Object.fromEntries(metadata_props.map(({ key, value }) => [key, value]));
}

function decoded(bytes: Uint8Array): Message<"ModelProto"> {
  try {
    return decodeModel(bytes);
  } catch (cause) {
    throw noModel("bytes that are none", cause);
  }
}

function noModel(got: string, cause?: unknown) {
  return unexpected("usage", { where: "onnx", expected: "an ONNX model", subject: "model", got, cause });
}

function unsupported(subject: string, got: string) {
  return unexpected("usage", {
    where: "onnx",
    expected: "ONNX's own operators on dense tensors",
    subject,
    got,
    hint: "export the network anew, without optimisation or quantisation",
  });
}

function isOnnx(domain: string): boolean {
  return domain === "" || domain === "ai.onnx";
}

function parseNode(message: Message<"NodeProto">, readExternal: ReadExternal): GraphNode {
  const name = message.name === "" ? (message.output[0] ?? "") : message.name;
  if (!isOnnx(message.domain)) throw unsupported(name, `${message.domain}.${message.op_type}`);
  return {
    op: message.op_type,
    name: message.name,
    inputs: [...message.input],
    outputs: [...message.output],
    attributes: Object.fromEntries(
      message.attribute.map((attribute) => [attribute.name, parseAttribute(attribute, name, readExternal)]),
    ),
  };
}

function nodeMessage({ op, name, inputs, outputs, attributes }: GraphNode): Draft<"NodeProto"> {
  return {
    input: inputs,
    output: outputs,
    name,
    op_type: op,
    attribute: Object.entries(attributes).map(([key, value]) => attributeMessage(key, value)),
  };
}

function parsePort({ name, type }: Message<"ValueInfoProto">): Port {
  if (type?.tensor_type == null) throw unsupported(name, "an input or output that is no tensor");
  const dims = type.tensor_type.shape?.dim ?? [];
  return { name, type: elementTypeOf(type.tensor_type.elem_type, name), dims: dims.map(parseDim) };
}

/** A dimension of which the file says nothing has the name "". */
function parseDim(dim: Message<"DimensionProto">): number | string {
  return Object.hasOwn(dim, "dim_value") ? numberOf(dim.dim_value) : dim.dim_param;
}

/**
 * An output without dimensions may be a scalar or of a shape that nobody has worked out: no shape
 * is written.
 */
function portMessage({ name, type, dims }: Port, withShape: boolean): Draft<"ValueInfoProto"> {
  const shape = { dim: dims.map(dimMessage) };
  return {
    name,
    type: { tensor_type: { elem_type: elementType[type], ...(withShape ? { shape } : {}) } },
  };
}

function dimMessage(dim: number | string): Draft<"DimensionProto"> {
  if (typeof dim === "number") return { dim_value: dim };
  return dim === "" ? {} : { dim_param: dim };
}
