import { describe, expect, it } from "vitest";
import { findPooling } from "../../../shared/backbone/pooling.ts";
import { conv, longs, network, weight, type Link } from "./networks.ts";

const head: Link = ["Gemm", [weight(10, 5), weight(10)], { transB: 1 }];

describe("a classifier's features are found", () => {
  it.each<[string, Link[], string]>([
    ["GlobalAveragePool, Flatten, Gemm", [["GlobalAveragePool"], ["Flatten"], head], "t3"],
    [
      "GlobalAveragePool, Squeeze, MatMul",
      [["GlobalAveragePool"], ["Squeeze", [longs(2, 3)]], ["MatMul", [weight(5, 10)]]],
      "t3",
    ],
    ["ReduceMean with axes as an attribute", [["ReduceMean", [], { axes: [2, 3], keepdims: 0 }], head], "t2"],
    ["ReduceMean with axes as an input", [["ReduceMean", [longs(-1, -2)], { keepdims: 0 }], head], "t2"],
    [
      "AveragePool over the whole map, Reshape",
      [["AveragePool", [], { kernel_shape: [4, 4] }], ["Reshape", [longs(0, -1)]], ["Dropout"], head],
      "t4",
    ],
    ["a softmax at the end", [["GlobalAveragePool"], ["Flatten"], head, ["Softmax", [], { axis: 1 }]], "t3"],
    [
      "a hidden layer between: what leaves the pooling counts",
      [
        ["GlobalAveragePool"],
        ["Flatten"],
        ["Gemm", [weight(5, 20)]],
        ["HardSwish"],
        ["Gemm", [weight(20, 10)]],
      ],
      "t3",
    ],
  ])("behind %s", (_, tail, pooled) => {
    const graph = network([conv(5), ["Relu"], ...tail]);
    expect(findPooling(graph, [8, 8])).toEqual({ spatial: "t1", pooled, features: 5 });
  });

  it("before the last layer of a transformer, which pools nothing", () => {
    const graph = network([
      conv(5),
      ["Reshape", [longs(0, 5, 16)]],
      ["Transpose", [], { perm: [0, 2, 1] }],
      ["MatMul", [weight(5, 5)]],
      // A layer normalisation in single operators begins with a mean over one axis: no pooling.
      ["ReduceMean", [], { axes: [-1], keepdims: 1 }],
      ["Gather", [{ type: "int64", dims: [], data: BigInt64Array.of(0n) }], { axis: 1 }],
      ["MatMul", [weight(1, 7)]],
      ["Tanh"],
      ["MatMul", [weight(7, 10)]],
      ["Add", [weight(10)]],
    ]);
    expect(findPooling(graph, [8, 8])).toEqual({ spatial: null, pooled: "t7", features: 7 });
  });

  it("not behind an AveragePool that covers only a part of the map", () => {
    const pool: Link = ["AveragePool", [], { kernel_shape: [2, 2], strides: [2, 2] }];
    const graph = network([conv(5), pool, ["Flatten"], ["Gemm", [weight(20, 10)]]]);
    expect(findPooling(graph, [8, 8])).toEqual({ spatial: null, pooled: "t2", features: 20 });
  });

  it("not where the network ends with its pooling", () => {
    expect(findPooling(network([conv(10), ["GlobalAveragePool"], ["Flatten"]]), [8, 8])).toBeNull();
  });
});
