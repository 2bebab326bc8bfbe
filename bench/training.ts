import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { loadBackbone } from "../shared/backbone/backbone.ts";
import { findBackbone } from "../shared/backbone/backbones.ts";
import { engineNamed } from "../shared/engine/engines.ts";
import { serializeModel } from "../shared/onnx/file.ts";
import type { Tensor } from "../shared/onnx/graph.ts";
import { randomFor } from "../shared/random.ts";
import { newHead } from "../shared/training/head.ts";
import { loweredFor } from "../shared/training/lowering/lowered.ts";
import { adamW } from "../shared/training/optimizer.ts";
import { trainingStep } from "../shared/training/step.ts";
import { tailGraph } from "../shared/training/tail.ts";
import type { Tail } from "../shared/training/tail.ts";

/**
 * Views a second of the last four blocks and a head of EfficientNet-Lite0 in training, from maps that are there, beside PyTorch
 * (channels_last) training the same graph on the same cores: `tsx bench/training.ts [THREADS] [ENGINE]`, PYTHON names a Python with torch, onnx.
 * The two take turns, a few steps each, so that whatever else the machine does strikes both.
 */
const [batch, classes, dims, boundary] = [32, 10, [192, 7, 7], "block11"] as const;
const engineName = process.argv[3] ?? "cpu";
const [turns, stepsATurn, threads, rate] = [12, 5, Number(process.argv[2] ?? availableParallelism()), 1e-3];

const folder = await mkdtemp(path.join(tmpdir(), "bench-training-"));
try {
  const backbone = await loadBackbone(await findBackbone("efficientnet-lite0"));
  const head = newHead({
    ...{ kind: "linear", features: backbone.features, classes, seed: 0 },
    ...{ standardisation: null, opset: backbone.graph.opset },
  });
  const tail = tailGraph(backbone, boundary, dims, head, { batchNormalisation: "frozen" });
  await writeFile(path.join(folder, "tail.onnx"), serializeModel(tail.graph));
  const maps = numbers(batch * dims.reduce<number>((a, b) => a * b, 1));
  await writeFile(path.join(folder, "maps.f32"), maps);

  const ours = await ourSteps(tail, maps);
  const theirs = await pytorchSteps();
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let turn = 0; turn < turns; turn++) {
    const [one, other] = [await ours(), await theirs.steps()];
    // The first turn makes both ready.
    if (turn === 0) console.log(`losses: ours ${one.losses.join(" ")}, PyTorch ${other.losses.join(" ")}`);
    else {
      times.ours.push(...one.seconds);
      times.theirs.push(...other.seconds);
    }
  }
  await theirs.end();
  const [mine, its] = [batch / median(times.ours), batch / median(times.theirs)];
  console.log(
    `last 4 blocks of ${backbone.name}, batch ${batch}, ${threads} threads: ${engineName} ${mine.toFixed(1)} views/s, ` +
      `PyTorch ${its.toFixed(1)}, ratio ${(mine / its).toFixed(2)}`,
  );
} finally {
  await rm(folder, { recursive: true });
}

interface Turn {
  readonly seconds: readonly number[];
  readonly losses: readonly number[];
}

/** Steps as the train stage makes them: weights and moments stay with the engine. */
async function ourSteps(tail: Tail, maps: Float32Array): Promise<() => Promise<Turn>> {
  const groups = [...tail.blocks, tail.head];
  const { graph, state } = trainingStep(tail.graph, {
    batch,
    groups: groups.flatMap(({ weights, biases, norms }) => [
      { parameters: weights, rate: 1, decay: 0.01 },
      { parameters: [...biases, ...norms], rate: 1, decay: 0 },
    ]),
    optimizer: adamW(),
    labelSmoothing: 0,
  });
  const engine = await engineNamed(engineName, "cpu");
  const loop = await engine.loop(serializeModel(loweredFor(engine, graph)), state, { threads });
  const targets = new Float32Array(batch * classes);
  for (let row = 0; row < batch; row++) targets[row * classes + (row % classes)] = 1;
  let steps = 0;
  const step = async () => {
    const { loss } = await loop.run(
      {
        [tail.input]: floats([batch, ...dims], maps),
        targets: floats([batch, classes], targets),
        weights: floats([batch, 1], new Float32Array(batch).fill(1)),
        learningRate: floats([], Float32Array.of(rate)),
        step: floats([], Float32Array.of(++steps)),
      },
      ["loss"],
    );
    return Number(loss?.data[0]);
  };
  return async () => {
    const [seconds, losses]: [number[], number[]] = [[], []];
    for (let i = 0; i < stepsATurn; i++) {
      const started = performance.now();
      losses.push(await step());
      seconds.push((performance.now() - started) / 1000);
    }
    return { seconds, losses };
  };
}

/** The same by bench/training_pytorch.py, which answers each line with a turn. */
async function pytorchSteps(): Promise<{ steps: () => Promise<Turn>; end: () => Promise<void> }> {
  const child = spawn(
    process.env["PYTHON"] ?? "python3",
    [
      path.join(import.meta.dirname, "training_pytorch.py"),
      folder,
      ...[batch, classes, ...dims, threads, rate, stepsATurn].map(String),
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const line = await lines.next();
    if (line.done === true) throw new Error("training_pytorch.py ended early");
    return line.value;
  };
  await next();
  return {
    async steps() {
      child.stdin.write("\n");
      return JSON.parse(await next()) as Turn;
    },
    end: () =>
      new Promise((resolve) => {
        child.on("close", () => {
          resolve();
        });
        child.stdin.end();
      }),
  };
}

function numbers(count: number): Float32Array {
  const random = randomFor("bench", "maps");
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

function floats(shape: readonly number[], data: Float32Array): Tensor {
  return { type: "float32", dims: shape, data };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
