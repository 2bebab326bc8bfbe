import type { ElementType, Tensor, TensorData } from "../../onnx/graph.ts";
import { Held } from "./held.ts";
import type { Operations } from "./operations.ts";
import type { DeviceData, DeviceType } from "./tfjs.ts";

/** Copies a tensor into TensorFlow's memory, where integers are int32. */
export function toDevice(tf: Operations, { type, dims, data }: Tensor): Held {
  return tf.scope(() => new Held(tf, tf.tensor(deviceData(data), dims, deviceTypes[type])));
}

/** Copies a tensor out of TensorFlow's memory, its axes in their own order. */
export function fromDevice(tf: Operations, held: Held, type: ElementType): Tensor {
  return tf.scope(() => ({ type, dims: held.dims, data: hostData(held.plain.dataSync(), type) }));
}

const deviceTypes: Readonly<Record<ElementType, DeviceType>> = {
  float32: "float32",
  float64: "float32",
  uint8: "int32",
  int8: "int32",
  int32: "int32",
  int64: "int32",
  bool: "bool",
};

function deviceData(data: TensorData): DeviceData {
  if (data instanceof Float64Array) return Float32Array.from(data);
  if (data instanceof BigInt64Array) return Int32Array.from(data, Number);
  return data instanceof Int8Array ? Int32Array.from(data) : data;
}

function hostData(data: DeviceData, type: ElementType): TensorData {
  switch (type) {
    case "int64":
      return BigInt64Array.from(data as Int32Array, BigInt);
    case "float64":
      return Float64Array.from(data);
    case "uint8":
      return Uint8Array.from(data);
    case "int8":
      return Int8Array.from(data);
    case "float32":
    case "int32":
    case "bool":
      return data;
  }
}
