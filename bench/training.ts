import { parseArgs } from "node:util";
import type { ComputeDevice } from "../shared/engine/engine.ts";
import { engineNamed } from "../shared/engine/engines.ts";
import { limitsHere } from "../shared/limits.ts";
import { benchNetwork, randomMaps } from "./networks.ts";
import { startRival } from "./rival.ts";
import { classes, rate, tailOf, trainingSteps } from "./training-steps.ts";
import { median, turnOf } from "./turns.ts";

/**
 * Views a second of the last blocks and a head in training, from maps that are there, beside PyTorch (channels_last) training the
 * same graph on the same cores. The two take turns, a few steps each, so that whatever else the machine does strikes both.
 *
 *     tsx bench/training.ts [--network lite0|resnet50] [--threads N] [--engine cpu] [--batch N] [--turns N] [--steps N]
 *
 * lite0: EfficientNet-Lite0's last four blocks; resnet50: its layer4, three bottlenecks, with random weights. PYTHON names a Python
 * with torch and onnx.
 */
const { values: given } = parseArgs({
  options: {
    network: { type: "string", default: "lite0" },
    threads: { type: "string", default: String(limitsHere().usable) },
    engine: { type: "string", default: "cpu" },
    batch: { type: "string", default: "32" },
    turns: { type: "string", default: "12" },
    steps: { type: "string", default: "5" },
  },
});
const device: ComputeDevice = "cpu";
const [threads, batch, turns, steps] = [given.threads, given.batch, given.turns, given.steps].map(Number) as [
  number,
  number,
  number,
  number,
];

const { backbone, boundary, dims, tail: part } = await benchNetwork(given.network);
const tail = tailOf(backbone, boundary, dims);
const rows = randomMaps(batch * dims.reduce((product, dim) => product * dim, 1));
const engine = await engineNamed(given.engine, device);
const ours = await trainingSteps(engine, tail, { batch, shape: dims, rows, threads });
const theirs = await startRival(tail.graph, rows, {
  ...{ shape: dims, pixels: null, training: { classes, rate }, batch, steps, threads },
  ...{ device, bf16: false },
});
const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
for (let turn = 0; turn < turns; turn++) {
  const [one, other] = [await turnOf(steps, ours.step), await theirs.steps()];
  // The first turn makes both ready.
  if (turn === 0) console.log(`losses: ours ${one.losses.join(" ")}, PyTorch ${other.losses.join(" ")}`);
  else {
    times.ours.push(...one.seconds);
    times.theirs.push(...other.seconds);
  }
}
await Promise.all([ours.close(), theirs.end()]);
const [mine, its] = [batch / median(times.ours), batch / median(times.theirs)];
console.log(
  `${part} of ${backbone.name}, batch ${batch}, ${threads} threads: ${engine.name} ${mine.toFixed(1)} views/s, ` +
    `PyTorch ${its.toFixed(1)}, ratio ${(mine / its).toFixed(2)}`,
);
