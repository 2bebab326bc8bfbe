import { expect, test } from "vitest";
import { loadBackbone } from "../../../shared/backbone/backbone.ts";
import { findBackbone } from "../../../shared/backbone/backbones.ts";
import { engineNamed } from "../../../shared/engine/engines.ts";
import { checkTrainable } from "../../../shared/training/check.ts";

test("what can be trained passes, and an operator without a rule is named before any work is done", async () => {
  const [backbone, engine] = [
    await loadBackbone(await findBackbone("efficientnet-lite0")),
    await engineNamed("cpu"),
  ];
  const at = { node: "block14", dims: [192, 7, 7] };
  expect(() => {
    checkTrainable(backbone, at, engine);
  }).not.toThrow();
  const nodes = backbone.graph.nodes.map((node) =>
    node.op === "GlobalAveragePool" ? { ...node, op: "MaxRoiPool", name: "roi" } : node,
  );
  expect(() => {
    checkTrainable({ ...backbone, graph: { ...backbone.graph, nodes } }, at, engine);
  }).toThrow(/MaxRoiPool/);
});
