import { expect, it } from "vitest";
import { innerNormalisation } from "../../../shared/backbone/pixel-range.ts";
import type { Tensor } from "../../../shared/onnx/graph.ts";
import { conv, longs, network, weight, type Link } from "./networks.ts";

const floats = (dims: readonly number[], ...values: number[]): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from(values),
});
const scalar = (value: number) => floats([], value);
const planes = (...values: number[]) => floats([1, 3, 1, 1], ...values);
const mean = [0.485, 0.456, 0.406];
const std = [0.229, 0.224, 0.225];
const by = (factor: number, numbers: readonly number[]) => numbers.map((value) => factor * value);

function found(links: readonly Link[], layout: "NCHW" | "NHWC" = "NCHW") {
  return innerNormalisation(network([...links, conv(5), ["Relu"]]), "x", layout);
}

it.each<[string, Link[], string]>([
  ["1/255 times them", [["Mul", [scalar(1 / 255)]]], "Mul"],
  ["divides by 255", [["Div", [scalar(255)]]], "Div"],
  [
    "makes -1 to 1 of them",
    [
      ["Div", [scalar(127.5)]],
      ["Sub", [scalar(1)]],
    ],
    "Div, Sub",
  ],
  ["subtracts a mean of theirs", [["Sub", [planes(123.68, 116.78, 103.94)]]], "Sub"],
  [
    "normalises them as ImageNet's",
    [
      ["Sub", [planes(...by(255, mean))]],
      ["Div", [planes(...by(255, std))]],
    ],
    "Sub, Div",
  ],
  [
    "rescales and normalises them",
    [
      ["Mul", [scalar(1 / 255)]],
      ["Sub", [planes(...mean)]],
      ["Div", [planes(...std)]],
    ],
    "Mul, Sub, Div",
  ],
  [
    "takes blue first",
    [
      ["Gather", [longs(2, 1, 0)], { axis: 1 }],
      ["Add", [planes(-104, -117, -123)]],
    ],
    "Add",
  ],
])("a graph that %s wants pixels of 0 to 255", (_, links, nodes) => {
  expect(found(links)).toEqual({ wants: "none", nodes });
});

it.each<[string, Link[]]>([
  [
    "normalises as ImageNet's",
    [
      ["Sub", [planes(...mean)]],
      ["Div", [planes(...std)]],
    ],
  ],
  [
    "makes -1 to 1 of them",
    [
      ["Mul", [scalar(2)]],
      ["Add", [scalar(-1)]],
    ],
  ],
  ["multiplies by 255", [["Mul", [scalar(255)]]]],
])("a graph that %s wants pixels of 0 to 1", (_, links) => {
  expect(found(links)).toMatchObject({ wants: "unit" });
});

it.each<[string, Link[]]>([
  ["begins with a convolution", []],
  ["adds what is no constant", [["Add", ["x"]]]],
  ["scales by what fits neither", [["Mul", [scalar(0.2)]]]],
  [
    "undoes ImageNet's normalisation",
    [
      ["Mul", [planes(...std)]],
      ["Add", [planes(...mean)]],
    ],
  ],
  [
    "turns -1 to 1 into 0 to 255",
    [
      ["Mul", [scalar(127.5)]],
      ["Add", [scalar(127.5)]],
    ],
  ],
  ["has a bias for every place", [["Add", [weight(1, 3, 8, 8)]]]],
])("nothing is told by a graph that %s", (_, links) => {
  expect(found(links)).toBeNull();
});

it("knows channels that come last, before and behind a transposition", () => {
  const last = floats([3], ...by(255, mean));
  expect(found([["Sub", [last]]], "NHWC")).toMatchObject({ wants: "none" });
  expect(found([["Sub", [last]]], "NCHW")).toBeNull();
  const turned: Link = ["Transpose", [], { perm: [0, 3, 1, 2] }];
  expect(found([turned, ["Sub", [planes(...by(255, mean))]]], "NHWC")).toMatchObject({ wants: "none" });
});

it("follows constants that nodes make", () => {
  const graph = network([["Mul", ["c"]], conv(5), ["Relu"]]);
  const constant = {
    op: "Constant",
    name: "",
    inputs: [],
    outputs: ["c"],
    attributes: { value: scalar(1 / 255) },
  };
  expect(innerNormalisation({ ...graph, nodes: [constant, ...graph.nodes] }, "x", "NCHW")).toMatchObject({
    wants: "none",
  });
});
