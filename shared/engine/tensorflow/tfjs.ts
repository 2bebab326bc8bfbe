/**
 * What is used of tfjs-node 4.22, in types of our own: the package is no dependency of this project. Its operators are
 * TensorFlow's own, run one by one: https://www.tensorflow.org/api_docs/python/tf/raw_ops lists them.
 */
export interface Tfjs {
  backend(): Backend;
  tensor(data: DeviceData, shape: readonly number[], type: DeviceType): DeviceTensor;
  /** Disposes of what `work` made and neither kept nor returned. */
  tidy<T>(work: () => T): T;
  keep(tensor: DeviceTensor): DeviceTensor;
  memory(): { readonly numTensors: number };
}

export type DeviceType = "float32" | "int32" | "bool";

export type DeviceData = Float32Array | Int32Array | Uint8Array;

/** A tensor in TensorFlow's memory, row-major. */
export interface DeviceTensor {
  readonly shape: readonly number[];
  readonly dtype: DeviceType;
  dataSync(): DeviceData;
  /** another name for the same memory */
  clone(): DeviceTensor;
  dispose(): void;
}

interface Backend {
  readonly binding: Readonly<Record<"TF_Version", string> & Record<AttributeKind | TypeName, number>>;
  readonly isUsingGpuDevice: boolean;
  executeSingleOutput(
    operator: string,
    attributes: readonly { name: string; type: number; value: unknown }[],
    inputs: readonly DeviceTensor[],
  ): DeviceTensor;
}

type AttributeKind = "TF_ATTR_INT" | "TF_ATTR_BOOL" | "TF_ATTR_STRING" | "TF_ATTR_TYPE";
type TypeName = "TF_FLOAT" | "TF_INT32" | "TF_BOOL";
