import type { Applied } from "../../../training/builder.ts";
import { attributeFloat, sizeOf } from "../../../training/shapes/operands.ts";
import { Held, plainOrder } from "../held.ts";
import type { Operations } from "../operations.ts";
import type { DeviceTensor } from "../tfjs.ts";
import type { Kernels } from "./kernel.ts";

/** Products of matrices, and of stacks of them. */
export const productKernels: Kernels = {
  MatMul: (x, _, tf) => {
    const [a, b] = [x(0), x(1)];
    if (b.rank === 2 && a.rank > 2) return new Held(tf, rowsTimes(tf, a, b));
    const [left, right] = [turnable(a), turnable(b)];
    const product =
      a.rank === 2 && b.rank === 2
        ? tf.run("MatMul", [left.tensor, right.tensor], {
            transpose_a: left.turned,
            transpose_b: right.turned,
          })
        : tf.run("BatchMatMulV2", [left.tensor, right.tensor], { adj_x: left.turned, adj_y: right.turned });
    return new Held(tf, product);
  },
  // α a · b + β c
  Gemm: (x, node, tf) => {
    const [left, right] = [turnable(x(0)), turnable(x(1))];
    const product = tf.run("MatMul", [left.tensor, right.tensor], {
      transpose_a: left.turned !== (node.attributes["transA"] === 1),
      transpose_b: right.turned !== (node.attributes["transB"] === 1),
    });
    const scaled = times(tf, product, node, "alpha");
    if (!node.inputs[2]) return new Held(tf, scaled);
    return new Held(tf, tf.run("AddV2", [scaled, times(tf, x(2).plain, node, "beta")]));
  },
};

/** A stack of matrices times one matrix is one product of all their rows. */
function rowsTimes(tf: Operations, a: Held, b: Held): DeviceTensor {
  const { tensor, turned } = turnable(b);
  const width = a.dims.at(-1) ?? 1;
  const rows = tf.reshape(a.plain, [sizeOf(a.dims) / width, width]);
  const product = tf.run("MatMul", [rows, tensor], { transpose_b: turned });
  return tf.reshape(product, [...a.dims.slice(0, -1), b.dims[1] ?? 1]);
}

/** A matrix that lies in memory with its last two axes exchanged is multiplied as it lies. */
function turnable(matrix: Held): { tensor: DeviceTensor; turned: boolean } {
  const exchanged = plainOrder(matrix.rank);
  exchanged.push(...exchanged.splice(-2).reverse());
  const turned = matrix.cost(plainOrder(matrix.rank)) > 0 && matrix.cost(exchanged) === 0;
  return { tensor: turned ? matrix.in(exchanged) : matrix.plain, turned };
}

function times(tf: Operations, x: DeviceTensor, node: Applied, name: "alpha" | "beta"): DeviceTensor {
  const factor = attributeFloat(node, name, 1);
  return factor === 1 ? x : tf.run("Mul", [x, tf.number(factor)]);
}
