import { expect, test } from "vitest";
import { loadBackbone } from "../../../shared/backbone/backbone.ts";
import { findBackbone } from "../../../shared/backbone/backbones.ts";
import { blocksIn, boundaryOf } from "../../../shared/backbone/boundary.ts";

const lite = loadBackbone(await findBackbone("efficientnet-lite0"));

test("stem and head are no blocks", async () => {
  const names = blocksIn(await lite).map(({ name }) => name);
  expect(names).toEqual(Array.from({ length: 16 }, (_, i) => `block${i}`));
});

test.each([
  ["0", "pooled"],
  ["1", "block14"],
  ["4", "block11"],
  ["16", "stem"],
  ["all", "pixels"],
  ["block12", "block11"],
  ["stem", "pixels"],
  ["head", "block15"],
])("--unfreeze %s begins behind %s", async (unfreeze, boundary) => {
  expect(boundaryOf(await lite, unfreeze)).toBe(boundary);
});

test("the name of a node begins with what enters it", async () => {
  const { graph } = await lite;
  const node = graph.nodes.find(({ inputs }) => inputs[0] === "block3");
  expect(boundaryOf(await lite, node?.outputs[0] ?? "")).toBe("block3");
});

test("more blocks than there are, or an unknown one, is an error that says which there are", async () => {
  const backbone = await lite;
  expect(() => boundaryOf(backbone, "17")).toThrow(
    'backbone: expected at most 16 blocks of efficientnet-lite0, or "all", for "--unfreeze" but got 17',
  );
  expect(() => boundaryOf(backbone, "blok12")).toThrow(/got blok12\n.*did you mean block1/s);
});
