import { expect, test } from "vitest";
import { choiceOf, deviceOf, gpuEngines, type Tried } from "../../../plan/engines/choice.ts";
import type { Gpus } from "../../../shared/engine/gpus.ts";

const none: Gpus = { nvidia: [], other: [], driverless: [] };
const nvidia: Gpus = { ...none, nvidia: ["/dev/nvidia0"], other: ["/dev/dri/renderD128"] };
const other: Gpus = { ...none, other: ["/dev/dri/renderD128"] };

const working = (engine: string, milliseconds: number): Tried => ({
  engine,
  device: "gpu",
  outcome: {
    works: true,
    library: { name: "library", version: "1" },
    milliseconds,
    cpuMilliseconds: 100,
    differences: { y: 0 },
  },
});
const broken = (engine: string): Tried => ({
  engine,
  device: "gpu",
  outcome: { works: false, why: "got no libcuda.so.1", hint: "install the driver" },
});
const names = (purpose: "forward" | "training", gpus: Gpus) =>
  gpuEngines(purpose, gpus).map(({ engine }) => engine);

test("without a GPU nothing is tried", () => {
  expect(names("forward", none)).toEqual([]);
  expect(names("training", none)).toEqual([]);
  expect(choiceOf(none, [], "auto")).toEqual({ engine: "cpu", device: "cpu", reasons: ["no GPU found"] });
});

test("on NVIDIA, TensorFlow is tried first to train, onnxruntime's CUDA to run; elsewhere WebGPU", () => {
  expect(names("training", nvidia)).toEqual(["tensorflow", "webgpu"]);
  expect(names("forward", nvidia)).toEqual(["cuda", "webgpu", "tensorflow"]);
  expect(names("forward", other)).toEqual(["webgpu"]);
  expect(names("training", other)).toEqual(["webgpu"]);
});

test("the first that works and is faster than cpu is taken, and it is said why not the ones before", () => {
  const choice = choiceOf(nvidia, [broken("cuda"), working("webgpu", 10)], "auto");
  expect(choice).toEqual({
    engine: "webgpu",
    device: "gpu",
    reasons: [
      "10.0 times as fast as cpu on three convolutions",
      "not cuda: got no libcuda.so.1; install the driver",
    ],
  });
});

test("a GPU that is slower than cpu is not taken, and not passed over in silence", () => {
  expect(choiceOf(other, [working("webgpu", 900)], "auto")).toEqual({
    engine: "cpu",
    device: "cpu",
    reasons: ["a GPU (/dev/dri/renderD128) is there, but", "not webgpu: it takes 900 ms where cpu takes 100"],
  });
});

test("a GPU that no engine can use is named, with what would mend it", () => {
  const { engine, reasons } = choiceOf(other, [broken("webgpu")], "auto");
  expect(engine).toBe("cpu");
  expect(reasons.join("; ")).toMatch(/renderD128.*not webgpu: got no libcuda.so.1; install the driver/);
});

test("a card without a driver is named", () => {
  const { engine, reasons } = choiceOf({ ...none, driverless: ["0000:01:00.0"] }, [], "auto");
  expect(engine).toBe("cpu");
  expect(reasons[0]).toMatch(/NVIDIA GPU without a driver \(PCI 0000:01:00.0\) is there: install/);
});

test("--device gpu takes a GPU that works even where cpu is faster, and is an error where none works", () => {
  expect(choiceOf(other, [working("webgpu", 900)], "gpu").engine).toBe("webgpu");
  expect(() => choiceOf(other, [broken("webgpu")], "gpu")).toThrow(
    expect.objectContaining({ code: "engine", message: expect.stringContaining("not webgpu") as string }),
  );
});

test("--device cpu takes cpu", () => {
  expect(choiceOf(nvidia, [], "cpu")).toEqual({ engine: "cpu", device: "cpu", reasons: ["--device cpu"] });
});

test.each([
  ["cpu", "auto", none, "cpu"],
  ["cpu", "cpu", nvidia, "cpu"],
  ["webgpu", "auto", none, "gpu"],
  ["cuda", "gpu", nvidia, "gpu"],
  ["tensorflow", "auto", none, "cpu"],
  ["tensorflow", "auto", nvidia, "gpu"],
  ["tensorflow", "cpu", nvidia, "cpu"],
])("%s with --device %s computes where it can", (engine, device, gpus, where) => {
  expect(deviceOf({ engine, device }, gpus)).toBe(where);
});

test.each([
  ["cpu", "gpu", nvidia, /expected auto or cpu.* for "--device" but got gpu/],
  ["webgpu", "cpu", nvidia, /expected auto or gpu.* for "--device" but got cpu/],
  ["cuda", "cpu", none, /expected auto or gpu.* for "--device" but got cpu/],
  ["tensorflow", "gpu", none, /expected a GPU on this machine.* for "--device gpu" but got no GPU/],
])("%s with --device %s is a usage error where it cannot", (engine, device, gpus, message) => {
  expect(() => deviceOf({ engine, device }, gpus)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringMatching(message) as string }),
  );
});
