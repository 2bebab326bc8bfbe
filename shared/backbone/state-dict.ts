import { unexpected } from "../errors.ts";
import type { Tensor } from "../onnx/graph.ts";
import type { TakeWeights } from "./resnet.ts";
import { float32Tensor, type StoredTensor } from "./safetensors.ts";

/** The weights of a network, handed out one by one. */
interface StateDict {
  /**
   * @throws PipelineError `usage` naming the tensor where it is not there or of other dimensions
   */
  readonly take: TakeWeights;
  /**
   * @throws PipelineError `usage` naming the first tensor that nobody took: the weights are another
   * network's
   */
  finish(): void;
}

/** Counters of batches seen in training, which say nothing of the network. */
const counter = /(^|\.)num_batches_tracked$/;

/**
 * @param stored what the file holds
 * @param network for messages
 * @param path for messages
 */
export function stateDict(
  stored: ReadonlyMap<string, StoredTensor>,
  network: string,
  path: string,
): StateDict {
  const taken = new Set<string>();
  return {
    take(name, dims): Tensor {
      const found = stored.get(name);
      if (found === undefined || !sameDims(found.dims, dims))
        throw otherWeights(network, path, {
          expected: `[${dims.join(", ")}]`,
          subject: name,
          got: found === undefined ? "none" : `[${found.dims.join(", ")}]`,
        });
      taken.add(name);
      return float32Tensor(found, name, path);
    },
    finish() {
      for (const [name, { dims }] of stored) {
        if (taken.has(name) || counter.test(name)) continue;
        throw otherWeights(network, path, { expected: "none", subject: name, got: `[${dims.join(", ")}]` });
      }
    },
  };
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

function otherWeights(
  network: string,
  path: string,
  tensor: { expected: string; subject: string; got: string },
): Error {
  return unexpected("usage", {
    where: "backbone",
    ...tensor,
    got: `${tensor.got} in ${path}`,
    hint: `${network} takes the tensors of torchvision.models.${network}().state_dict()`,
  });
}
