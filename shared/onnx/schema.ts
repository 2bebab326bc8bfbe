import protobuf from "protobufjs/light.js";

/**
 * The messages and fields of ONNX that a graph here can hold: name, number, type; `*` repeated, `+`
 * repeated and packed. A part that no graph here can hold is declared as bytes, so that its
 * presence is seen.
 *
 * Source of the numbers: onnx/onnx.proto of ONNX 1.23.
 */
const messages = {
  ModelProto: {
    ir_version: [1, "int64"],
    producer_name: [2, "string"],
    graph: [7, "GraphProto"],
    opset_import: [8, "OperatorSetIdProto*"],
    metadata_props: [14, "StringStringEntryProto*"],
    functions: [25, "bytes*"],
  },
  OperatorSetIdProto: { domain: [1, "string"], version: [2, "int64"] },
  StringStringEntryProto: { key: [1, "string"], value: [2, "string"] },
  GraphProto: {
    node: [1, "NodeProto*"],
    name: [2, "string"],
    initializer: [5, "TensorProto*"],
    input: [11, "ValueInfoProto*"],
    output: [12, "ValueInfoProto*"],
    sparse_initializer: [15, "bytes*"],
  },
  NodeProto: {
    input: [1, "string*"],
    output: [2, "string*"],
    name: [3, "string"],
    op_type: [4, "string"],
    attribute: [5, "AttributeProto*"],
    domain: [7, "string"],
  },
  AttributeProto: {
    name: [1, "string"],
    f: [2, "float"],
    i: [3, "int64"],
    s: [4, "bytes"],
    t: [5, "TensorProto"],
    floats: [7, "float*"],
    ints: [8, "int64*"],
    strings: [9, "bytes*"],
    type: [20, "int32"],
  },
  TensorProto: {
    dims: [1, "int64*"],
    data_type: [2, "int32"],
    float_data: [4, "float+"],
    int32_data: [5, "int32+"],
    int64_data: [7, "int64+"],
    name: [8, "string"],
    raw_data: [9, "bytes"],
    double_data: [10, "double+"],
    external_data: [13, "StringStringEntryProto*"],
    data_location: [14, "int32"],
  },
  ValueInfoProto: { name: [1, "string"], type: [2, "TypeProto"] },
  TypeProto: { tensor_type: [1, "TensorTypeProto"] },
  TensorTypeProto: { elem_type: [1, "int32"], shape: [2, "TensorShapeProto"] },
  TensorShapeProto: { dim: [1, "DimensionProto*"] },
  DimensionProto: { dim_value: [1, "int64"], dim_param: [2, "string"] },
} as const satisfies Record<string, Record<string, readonly [number: number, type: string]>>;

type Messages = typeof messages;

/** A 64-bit integer as protobufjs reads it. */
export interface Int64 {
  readonly low: number;
  readonly high: number;
}

interface Scalars {
  int64: Int64;
  int32: number;
  float: number;
  double: number;
  string: string;
  bytes: Uint8Array;
}

type Value<Type> = Type extends `${infer Item}${"*" | "+"}`
  ? readonly Part<Item>[]
  : Part<Type> | Absent<Type>;

type Part<Type> = Type extends keyof Scalars
  ? Scalars[Type]
  : Type extends keyof Messages
    ? Message<Type>
    : never;

type Absent<Type> = Type extends keyof Messages ? null : never;

/** A decoded message: what the file leaves out has protobuf's default, or null for a message. */
export type Message<Name extends keyof Messages> = {
  readonly [Field in keyof Messages[Name]]: Messages[Name][Field] extends readonly [number, infer Type]
    ? Value<Type>
    : never;
};

type Written<Type> = Type extends `${infer Item}${"*" | "+"}`
  ? readonly Written<Item>[]
  : Type extends "int64"
    ? number | Int64
    : Type extends keyof Scalars
      ? Scalars[Type]
      : Type extends keyof Messages
        ? Draft<Type>
        : never;

/** A message to encode: what is not given is not written. */
export type Draft<Name extends keyof Messages> = {
  readonly [Field in keyof Messages[Name]]?: Messages[Name][Field] extends readonly [number, infer Type]
    ? Written<Type>
    : never;
};

function reflected(): protobuf.Type {
  const field = ([id, type]: readonly [number, string]) => ({
    id,
    type: type.replace(/[*+]$/, ""),
    ...(/[*+]$/.test(type) ? { rule: "repeated", options: { packed: type.endsWith("+") } } : {}),
  });
  const table: Readonly<Record<string, Readonly<Record<string, readonly [number, string]>>>> = messages;
  const nested = Object.fromEntries(
    Object.entries(table).map(([name, fields]) => [
      name,
      { fields: Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, field(value)])) },
    ]),
  );
  return protobuf.Root.fromJSON({ nested }).lookupType("ModelProto");
}

const modelProto = reflected();

/** @throws where the bytes are no protobuf message */
export function decodeModel(bytes: Uint8Array): Message<"ModelProto"> {
  return modelProto.decode(bytes) as unknown as Message<"ModelProto">;
}

export function encodeModel(model: Draft<"ModelProto">): Uint8Array {
  return modelProto.encode(model).finish();
}
