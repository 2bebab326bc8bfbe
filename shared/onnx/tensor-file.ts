import { unexpected } from "../errors.ts";
import { elementType, type ElementType, type Tensor, type TensorData } from "./graph.ts";
import type { Draft, Int64, Message } from "./schema.ts";

const arrays = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  float64: Float64Array,
} as const satisfies Record<ElementType, new (buffer: ArrayBuffer) => TensorData>;

const typeNames = new Map<number, ElementType>(
  Object.entries(elementType).map(([name, number]) => [number, name as ElementType]),
);

/** Names of element types that no graph here can hold, for messages; TensorProto.DataType. */
const otherTypes: Readonly<Record<number, string>> = {
  4: "uint16",
  5: "int16",
  8: "string",
  10: "float16",
  12: "uint32",
  13: "uint64",
  16: "bfloat16",
};

/** @throws PipelineError `usage` naming the tensor where its element type is none of ours */
export function elementTypeOf(number: number, subject: string): ElementType {
  const type = typeNames.get(number);
  if (type !== undefined) return type;
  throw unexpected("usage", {
    where: "onnx",
    expected: `an element type of ${Object.keys(elementType).join(", ")}`,
    subject,
    got: otherTypes[number] ?? `type number ${number}`,
    hint: "export the network in float32, unquantised",
  });
}

/** Reads the bytes of a tensor that lie in another file than the model. */
export type ReadExternal = (message: Message<"TensorProto">, subject: string) => Uint8Array;

/** For bytes that are all there is of a model. */
export const noExternalData: ReadExternal = (_, subject) => {
  throw unexpected("usage", {
    where: "onnx",
    expected: "weights inside the model file",
    subject,
    got: "external data",
    hint: "save it as one file: onnx.save(onnx.load(path), path, save_as_external_data=False)",
  });
};

/** Whether a tensor's data lies in another file: TensorProto.DataLocation.EXTERNAL. */
export function isExternal({ data_location }: Message<"TensorProto">): boolean {
  return data_location === 1;
}

/**
 * @throws PipelineError `usage` where the data is of another type or of another length, and what
 * `readExternal` throws
 */
export function parseTensor(
  message: Message<"TensorProto">,
  subject = message.name,
  readExternal = noExternalData,
): Tensor {
  const type = elementTypeOf(message.data_type, subject);
  const dims = message.dims.map(numberOf);
  const length = dims.reduce((product, dim) => product * dim, 1);
  const raw = isExternal(message) ? readExternal(message, subject) : message.raw_data;
  const data = isExternal(message) || raw.length > 0 ? rawData(type, raw) : typedData(type, message);
  if (data.length === length) return { type, dims, data };
  throw unexpected("usage", {
    where: "onnx",
    expected: `${length} elements (${dims.join(" × ")})`,
    subject,
    got: `${data.length}`,
  });
}

/** How many bytes a tensor takes, whether it is here or in another file. */
export function byteLengthOf(message: Message<"TensorProto">, subject: string): number {
  const elements = message.dims.map(numberOf).reduce((product, dim) => product * dim, 1);
  return elements * arrays[elementTypeOf(message.data_type, subject)].BYTES_PER_ELEMENT;
}

/**
 * ONNX stores raw data in little-endian order, as every platform of onnxruntime-node has it in
 * memory.
 */
function rawData(type: ElementType, bytes: Uint8Array): TensorData {
  const width = arrays[type].BYTES_PER_ELEMENT;
  const whole = bytes.length - (bytes.length % width);
  // A copy, because the bytes within the file are not aligned.
  return new arrays[type](new Uint8Array(bytes.subarray(0, whole)).buffer);
}

/** Which field holds which type: the comments of TensorProto in onnx.proto. */
function typedData(type: ElementType, message: Message<"TensorProto">): TensorData {
  switch (type) {
    case "float32":
      return Float32Array.from(message.float_data);
    case "float64":
      return Float64Array.from(message.double_data);
    case "int64":
      return BigInt64Array.from(message.int64_data, bigintOf);
    case "int8":
      return Int8Array.from(message.int32_data);
    case "int32":
      return Int32Array.from(message.int32_data);
    case "uint8":
    case "bool":
      return Uint8Array.from(message.int32_data);
  }
}

/** The tensor with its elements as raw data. */
export function tensorMessage({ type, dims, data }: Tensor, name: string): Draft<"TensorProto"> {
  return {
    name,
    dims,
    data_type: elementType[type],
    raw_data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

export function bigintOf({ low, high }: Int64): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

export function numberOf(value: Int64): number {
  return Number(bigintOf(value));
}
