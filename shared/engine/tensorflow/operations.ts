import type { DeviceData, DeviceTensor, DeviceType, Tfjs } from "./tfjs.ts";

/** A number or numbers are ints. */
export type DeviceAttribute = number | boolean | string | readonly number[] | { readonly type: DeviceType };

/** Runs TensorFlow's operators. Tensors that nobody keeps go when the scope that made them ends. */
export interface Operations {
  /**
   * @param operator a name in TensorFlow's raw_ops
   * @param attributes but for types that follow from the inputs
   */
  run(
    operator: string,
    inputs: readonly DeviceTensor[],
    attributes?: Readonly<Record<string, DeviceAttribute>>,
  ): DeviceTensor;
  tensor(data: DeviceData, shape: readonly number[], type: DeviceType): DeviceTensor;
  /** a vector of int32: a shape, axes */
  ints(list: readonly number[]): DeviceTensor;
  /** a float32 */
  number(value: number): DeviceTensor;
  reshape(x: DeviceTensor, shape: readonly number[]): DeviceTensor;
  scope<T>(work: () => T): T;
  keep(tensor: DeviceTensor): DeviceTensor;
}

export function operationsOf(tfjs: Tfjs): Operations {
  const backend = tfjs.backend();
  const { binding } = backend;
  const types = { float32: binding.TF_FLOAT, int32: binding.TF_INT32, bool: binding.TF_BOOL };
  const described = (name: string, value: DeviceAttribute) => {
    if (typeof value === "object" && "type" in value)
      return { name, type: binding.TF_ATTR_TYPE, value: types[value.type] };
    if (typeof value === "boolean") return { name, type: binding.TF_ATTR_BOOL, value };
    return { name, type: typeof value === "string" ? binding.TF_ATTR_STRING : binding.TF_ATTR_INT, value };
  };
  const run: Operations["run"] = (operator, inputs, attributes = {}) =>
    backend.executeSingleOutput(
      operator,
      Object.entries(attributes).map(([name, value]) => described(name, value)),
      inputs,
    );
  const ints = (list: readonly number[]) => tfjs.tensor(Int32Array.from(list), [list.length], "int32");
  return {
    run,
    ints,
    tensor: (data, shape, type) => tfjs.tensor(data, shape, type),
    number: (value) => tfjs.tensor(Float32Array.of(value), [], "float32"),
    reshape: (x, shape) => run("Reshape", [x, ints(shape)]),
    scope: (work) => tfjs.tidy(work),
    keep: (tensor) => tfjs.keep(tensor),
  };
}
