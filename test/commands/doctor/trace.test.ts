import { expect, test } from "vitest";
import { describeTrace, firstBeyond } from "../../../commands/doctor/trace.ts";

const traced = (name: string, difference: number) => ({
  node: { op: "Conv", name, inputs: [], outputs: [name], attributes: {} },
  difference,
});

test("the first node that is further off than allowed is pointed out", () => {
  const nodes = [traced("a", 1e-6), traced("b", 2e-2), traced("c", 5e-2)];
  expect(firstBeyond(nodes, 1e-3)?.node.name).toBe("b");
  const lines = describeTrace("webgpu", nodes, 1e-3).trim().split("\n");
  expect(lines.filter((line) => line.includes("the first one beyond"))).toHaveLength(1);
  expect(lines.at(-1)).toBe("webgpu leaves cpu at b (Conv), by 2.0e-2 of its largest value; 1e-3 is allowed");
});

test("a number that is none is beyond everything", () => {
  expect(firstBeyond([traced("a", 0), traced("b", NaN)], 1e-3)?.node.name).toBe("b");
});

test("an engine that agrees everywhere is said to", () => {
  expect(describeTrace("cuda", [traced("a", 0)], 1e-3)).toMatch(
    /cuda agrees with cpu at every node, to 1e-3/,
  );
});
