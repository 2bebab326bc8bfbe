import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { type PipelineError, unexpected } from "../errors.ts";
import { serializeModel } from "../onnx/file.ts";
import type { Graph, Tensor } from "../onnx/graph.ts";
import type { Engine, Loop, SessionOptions, StateSlot } from "./engine.ts";
import {
  loadSession,
  onnxruntimeLibrary,
  openSession,
  ortTensors,
  ourTensor,
  ranInMemory,
} from "./onnxruntime-session.ts";

const provider = { engine: "webgpu", provider: "webgpu", unusable } as const;

/** onnxruntime on any GPU that Vulkan, Metal or Direct3D 12 reaches, from npm alone. */
export function webgpuEngine(): Engine {
  return {
    name: "webgpu",
    library: onnxruntimeLibrary(),
    runsGradientOperators: false,
    // All sessions of a process share one context, and runs must not overlap: onnxruntime 1.30,
    // webgpu_execution_provider.h.
    threadSafe: false,
    load: (model, options) => loadSession(model, options, provider),
    loop,
  };
}

/**
 * The state stays in the GPU's memory: a run's outputs are the next one's inputs, and `read` alone
 * fetches them.
 */
async function loop(model: Uint8Array, state: readonly StateSlot[], options: SessionOptions): Promise<Loop> {
  const kept = state.map(({ output }) => output);
  const session = await openSession(model, options, { ...provider, kept });
  const copies = await openSession(serializeModel(copying(state)), options, provider);
  let now = ortTensors(Object.fromEntries(state.map(({ input, initial }) => [input, initial])));
  return {
    async run(feeds, outputs) {
      const results = await ranInMemory(
        provider.engine,
        session.run({ ...now, ...ortTensors(feeds) }, [...outputs, ...kept]),
      );
      release(now);
      now = Object.fromEntries(state.map(({ input, output }) => [input, known(results, output)]));
      return Object.fromEntries(outputs.map((name) => [name, ourTensor(name, known(results, name))]));
    },
    async read(inputs) {
      const results = await copies.run(now, inputs.map(copyOf));
      return new Map(inputs.map((name) => [name, ourTensor(name, known(results, copyOf(name)))]));
    },
    async close() {
      release(now);
      await Promise.all([session.release(), copies.release()]);
    },
  };
}

/**
 * The state as it is, in this process's memory. It goes through a graph of its own because
 * `Tensor.getData` of onnxruntime-node 1.30 ends the whole process ("terminate called after
 * throwing an instance of 'char const*'").
 */
function copying(state: readonly StateSlot[]): Graph {
  const port = (name: string, { type, dims }: Tensor) => ({ name, type, dims: [...dims] });
  return {
    opset: 17,
    inputs: state.map(({ input, initial }) => port(input, initial)),
    outputs: state.map(({ input, initial }) => port(copyOf(input), initial)),
    nodes: state.map(({ input }) => ({
      op: "Identity",
      name: copyOf(input),
      inputs: [input],
      outputs: [copyOf(input)],
      attributes: {},
    })),
    initializers: new Map(),
    metadata: {},
  };
}

function copyOf(name: string): string {
  return `${name}.copy`;
}

/** Gives the device's memory back; what lies in this process's is collected. */
function release(tensors: Readonly<Record<string, OrtTensor>>): void {
  for (const tensor of Object.values(tensors)) if (tensor.location !== "cpu") tensor.dispose();
}

function known(tensors: InferenceSession.OnnxValueMapType, name: string): OrtTensor {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`engine: no tensor "${name}"`);
  return tensor;
}

/** onnxruntime 1.30 says so where Dawn finds no GPU that it can drive. */
function unusable(message: string): PipelineError | null {
  if (!/WebGPU adapter|WebGPU device|WebGpuContext/i.test(message)) return null;
  const [words = message] = /Failed to get .*/s.exec(message) ?? [];
  return unexpected("engine", {
    where: "engine",
    expected: "a GPU that WebGPU can use",
    subject: "webgpu",
    got: words.trim(),
    hint: process.platform === "linux" ? onLinux : "update the GPU's driver, or give --engine cpu",
  });
}

const onLinux =
  "install the GPU's Vulkan driver and loader (on Debian and Ubuntu: apt-get install libvulkan1 mesa-vulkan-drivers, or NVIDIA's own driver), or give --engine cpu";
