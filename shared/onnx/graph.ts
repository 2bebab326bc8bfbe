/** ONNX element types that graphs here use; the numbers are TensorProto.DataType's. */
export const elementType = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float64: 11,
} as const;

export type ElementType = keyof typeof elementType;

export type TensorData = Float32Array | Float64Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** A dense tensor in row-major order; `bool` is one byte an element. */
export interface Tensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export type Attribute =
  | number
  | string
  | Tensor
  | readonly number[]
  | readonly string[]
  | { readonly float: number }
  | { readonly floats: readonly number[] };

export interface GraphNode {
  readonly op: string;
  readonly name: string;
  /** "" where an optional input is left out */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** A plain number is an int, a plain list ints; floats are wrapped, since 1 and 1.0 look the same here. */
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** An input or output of a graph; a dimension is a number or the name of a free one ("n"). */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly (number | string)[];
}

/** An ONNX model as plain data: nodes in topological order, constants by name. */
export interface Graph {
  readonly opset: number;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly nodes: readonly GraphNode[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}
