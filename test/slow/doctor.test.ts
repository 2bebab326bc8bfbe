import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../folder.ts";
import { pipeline } from "./command-line.ts";

describe("doctor", () => {
  test("says what every engine does on the backbone, and what would mend those that do not work", async () => {
    const { status, output } = await pipeline(temporaryFolder(), "doctor");
    expect(status).toBe(0);
    const rows = output.split("\n").filter((line) => line.startsWith("│"));
    expect(rows[0]).toMatch(/engine.*device.*library.*works.*img\/s/);
    expect(rows.map((row) => row.split("│")[1]?.trim())).toEqual(
      expect.arrayContaining(["cpu", "webgpu", "cuda", "tensorflow"]),
    );
    const cpu = rows.find((row) => row.includes("│ cpu"));
    expect(cpu).toMatch(/onnxruntime-node \d+\.\d+\.\d+ +│ yes +│ +\d+\.\d /);
    for (const row of rows.filter((each) => each.split("│")[4]?.trim() === "no")) {
      const engine = row.split("│")[1]?.trim() ?? "";
      expect(output).toMatch(new RegExp(`^${engine} \\(.*\\): .+`, "m"));
    }
  });

  test("traces an engine at every node of the backbone", async () => {
    const { status, output } = await pipeline(temporaryFolder(), "doctor", "--trace", "cpu");
    expect(status).toBe(0);
    expect(output).toMatch(/│ features +│ Flatten +│ +0\.0e\+?0 │/);
    expect(output).toContain("cpu agrees with cpu at every node, to 1e-3 of its largest value");
  });

  test("an engine that there is not is a usage error", async () => {
    const { status, output } = await pipeline(temporaryFolder(), "doctor", "--trace", "abacus");
    expect(status).toBe(2);
    expect(output).toMatch(/abacus/);
  });
});

test("a GPU that is demanded of an engine without one is one clear error, and nothing is written", async () => {
  const folder = temporaryFolder();
  const { status, output } = await pipeline(folder, "all", "--engine", "cpu", "--device", "gpu");
  expect(status).toBe(2);
  expect(output).toMatch(/^engine: expected auto or cpu, .* for "--device" but got gpu\n.*\n$/);
  expect(readdirSync(folder)).toEqual([]);
});
