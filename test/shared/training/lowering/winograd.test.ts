import { expect, test } from "vitest";
import { engineNamed } from "../../../../shared/engine/engines.ts";
import { serializeModel } from "../../../../shared/onnx/file.ts";
import type { Tensor } from "../../../../shared/onnx/graph.ts";
import { randomFor } from "../../../../shared/random.ts";
import { GraphBuilder, type Value } from "../../../../shared/training/builder.ts";
import type { Convolution, Way } from "../../../../shared/training/lowering/convolution.ts";
import { byColumns } from "../../../../shared/training/lowering/convolution-by-columns.ts";
import type { Window } from "../../../../shared/training/window.ts";
import { byWinograd } from "../../../../shared/training/lowering/convolution-by-winograd.ts";

const sizes = [
  { what: "a map that tiles do not fill", input: [7, 7], before: [1, 1], output: [7, 7] },
  { what: "uneven padding", input: [5, 6], before: [2, 0], output: [6, 5] },
  { what: "no padding", input: [10, 9], before: [0, 0], output: [8, 7] },
] as const;

const [channels, filters, batch] = [64, 66, 2];

test.for(sizes.map((size) => [size.what, size] as const))(
  "with %s, Winograd's filtering and both its gradients are the convolution's",
  async ([, { input, before, output }]) => {
    const after = [0, 1].map((axis) => (output[axis] ?? 0) + 2 - (input[axis] ?? 0) - (before[axis] ?? 0));
    const window: Window = {
      kernel: [3, 3],
      strides: [1, 1],
      dilations: [1, 1],
      input,
      output,
      before,
      after: [after[0] ?? 0, after[1] ?? 0],
    };
    const convolution = { window, group: 1, batch, channels, filters };
    expect(byWinograd.suits(convolution)).toBe(true);
    const [one, other] = [await results(byWinograd, convolution), await results(byColumns, convolution)];
    for (const [name, values] of Object.entries(other)) {
      const largest = Math.max(...values.map(Math.abs));
      const worst = Math.max(...values.map((value, i) => Math.abs(value - (one[name]?.[i] ?? NaN))));
      expect(worst / largest, name).toBeLessThan(1e-12);
    }
  },
);

test("few channels, strides, other kernels and large maps are left to other ways", () => {
  const window: Window = {
    kernel: [3, 3],
    strides: [1, 1],
    dilations: [1, 1],
    input: [7, 7],
    output: [7, 7],
    before: [1, 1],
    after: [1, 1],
  };
  const suits = (more: object, of = channels) =>
    byWinograd.suits({ window: { ...window, ...more }, group: 1, batch, channels: of, filters });
  expect(suits({})).toBe(true);
  expect(suits({}, 8)).toBe(false);
  expect(suits({ strides: [2, 2] })).toBe(false);
  expect(suits({ kernel: [5, 5] })).toBe(false);
  expect(suits({ input: [28, 28], output: [28, 28] })).toBe(false);
});

/** What a way makes of the same random numbers, in double precision. */
async function results(way: Way, convolution: Convolution): Promise<Record<string, number[]>> {
  const { input, output } = convolution.window;
  const g = new GraphBuilder(17);
  const feeds: Record<string, Tensor> = {};
  const given = (name: string, dims: number[]): Value => {
    const random = randomFor("winograd", name);
    const data = Float64Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => random() - 0.5);
    feeds[name] = { type: "float64", dims, data };
    return g.input(name, "float64", dims);
  };
  const x = given("x", [channels, batch, ...input]);
  const dy = given("dy", [filters, batch, ...output]);
  const w = given("w", [filters, channels, 3, 3]);
  const graph = g.graph([
    ["y", way.forward(g, convolution, x, w)],
    ["dx", way.inputGradient(g, convolution, dy, w)],
    ["dw", way.filterGradient(g, convolution, x, dy)],
  ]);
  const session = await (await engineNamed("cpu")).load(serializeModel(graph), { threads: 1 });
  const made = await session.run(feeds, ["y", "dx", "dw"]);
  await session.close();
  return Object.fromEntries(Object.entries(made).map(([name, { data }]) => [name, Array.from(data, Number)]));
}
