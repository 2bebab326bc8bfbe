import { expect, test } from "vitest";
import type { Gpus } from "../../../../shared/engine/gpus.ts";
import { keptOutcome } from "../../../../shared/engine/trial/kept.ts";
import { type Outcome, tryEngine } from "../../../../shared/engine/trial/trial.ts";
import { serializeModel } from "../../../../shared/onnx/file.ts";
import { temporaryFolder } from "../../../folder.ts";

const x = { type: "float32", dims: [2], data: Float32Array.of(1, 2) } as const;
const port = { type: "float32", dims: [2] } as const;
const graph = {
  model: serializeModel({
    opset: 17,
    inputs: [{ name: "x", ...port }],
    outputs: [{ name: "y", ...port }],
    nodes: [{ op: "Add", name: "add", inputs: ["x", "x"], outputs: ["y"], attributes: {} }],
    initializers: new Map(),
    metadata: {},
  }),
  feeds: { x },
  outputs: ["y"],
};
const setting = { threads: 1, seconds: 0 } as const;
const gpus: Gpus = { nvidia: [], other: [], driverless: [] };
const worked: Outcome = {
  works: true,
  library: { name: "l", version: "1" },
  ...{ milliseconds: 1, cpuMilliseconds: 2, differences: {} },
};

test("an engine is tried in a process of its own, beside cpu", async () => {
  const outcome = await tryEngine({ ...graph, ...setting, engine: "cpu", device: "auto" });
  expect(outcome).toMatchObject({
    works: true,
    library: { name: "onnxruntime-node" },
    differences: { y: 0 },
  });
});

test("why an engine does not work is an outcome", async () => {
  const outcome = await tryEngine({ ...graph, ...setting, engine: "abacus", device: "auto" });
  expect(outcome).toMatchObject({
    works: false,
    why: expect.stringMatching(/expected one of cpu, .* got abacus/) as string,
  });
});

test("the end of its process is an outcome", async () => {
  const feeds = { x: { ...x, dims: [3] } };
  const outcome = await tryEngine({ ...graph, ...setting, feeds, engine: "cpu", device: "auto" });
  expect(outcome).toMatchObject({
    works: false,
    why: expect.stringMatching(/^its process ended by exit status 1 \(".*Error: /) as string,
  });
});

test("what worked is kept until a GPU comes or goes, what did not is tried again", async () => {
  const folder = temporaryFolder();
  let tries = 0;
  const attempt = (outcome: Outcome) => () => {
    tries++;
    return Promise.resolve(outcome);
  };
  const on = { engine: "webgpu", device: "gpu" } as const;
  const broken: Outcome = { works: false, why: "no driver", hint: "" };
  expect(await keptOutcome(on, gpus, attempt(broken), folder)).toEqual(broken);
  expect(await keptOutcome(on, gpus, attempt(worked), folder)).toEqual(worked);
  expect(await keptOutcome(on, gpus, attempt(broken), folder)).toEqual(worked);
  expect(tries).toBe(2);
  await keptOutcome(on, { ...gpus, nvidia: ["/dev/nvidia0"] }, attempt(worked), folder);
  await keptOutcome({ ...on, engine: "cuda" }, gpus, attempt(worked), folder);
  expect(tries).toBe(4);
});
