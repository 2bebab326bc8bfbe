import { describe, expect, it } from "vitest";
import { imageInput } from "../../../shared/backbone/image-input.ts";
import type { Graph } from "../../../shared/onnx/graph.ts";
import { conv, network, weight, type Link } from "./networks.ts";

const tail: Link[] = [["GlobalAveragePool"], ["Flatten"], ["Gemm", [weight(5, 10)]]];

function taking(dims: readonly (number | string)[], links: readonly Link[] = [conv(5)]): Graph {
  return network([...links, ...tail], { inputs: [{ name: "x", type: "float32", dims }] });
}

const first: Link = ["Transpose", [], { perm: [0, 3, 1, 2] }];
const named = ["batch_size", "num_channels", "height", "width"];

describe("an input whose axes have names", () => {
  it.each<[string, Graph, object]>([
    ["a convolution that takes it as it is", taking(named), { layout: "NCHW", side: null }],
    [
      "one behind arithmetic",
      taking(named, [["Mul", [weight(1)]], ["Sub", [weight(3, 1, 1)]], conv(5)]),
      { layout: "NCHW", side: null },
    ],
    [
      "one behind a transposition",
      taking(["n", "h", "w", "c"], [first, conv(5)]),
      { layout: "NHWC", side: null },
    ],
    ["a side that one axis has", taking(["n", 3, "height", 8]), { layout: "NCHW", side: 8 }],
    ["no names at all", taking(["", "", "", ""]), { layout: "NCHW", side: null }],
  ])("is understood from %s", (_, graph, expected) => {
    expect(imageInput(graph, "x.onnx")).toMatchObject(expected);
  });

  it.each<[string, Graph, RegExp]>([
    [
      "the convolution takes pictures of grey",
      taking(named, [["Conv", [weight(5, 1, 3, 3)], { kernel_shape: [3, 3] }]]),
      /got x float32 \[batch_size, num_channels, height, width\]\n {2}its first convolution \(Conv 0\) takes 1 channels, not 3/,
    ],
    [
      "nothing tells of channels",
      taking(named, [["Relu"]]),
      /no convolution tells which axis is the channels/,
    ],
    ["a named axis stands beside a wrong number", taking(["n", 4, "h", "w"]), /got x float32 \[n, 4, h, w\]/],
    ["photos are not square", taking(["n", 3, 8, 16]), /got x float32 \[n, 3, 8, 16\]\n {2}.*square/],
  ])("is refused where %s", (_, graph, message) => {
    expect(() => imageInput(graph, "x.onnx")).toThrow(message);
  });
});
