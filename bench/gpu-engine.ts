import type { ComputeDevice } from "../shared/engine/engine.ts";
import { engineNamed } from "../shared/engine/engines.ts";
import { type Amount, onEngine, prepared, works } from "./gpu-works.ts";
import { median, turnOf } from "./turns.ts";

/**
 * One engine at one work, in a process of its own: bench/gpu.ts starts it with the environment that the engine needs, and reads the
 * last line.
 */
export interface EngineTask extends Amount {
  readonly engine: string;
  readonly device: ComputeDevice;
  /** name of a work */
  readonly work: string;
  /** taken before those that count */
  readonly warmUp: number;
  readonly steps: number;
}

/** Its answer, as JSON. */
export interface EngineRate {
  readonly imagesPerSecond: number;
  readonly library: string;
}

const task = JSON.parse(process.argv[2] ?? "") as EngineTask;
const work = works.find(({ name }) => name === task.work);
if (work === undefined) throw new Error(`bench: no work "${task.work}"`);
const engine = await engineNamed(task.engine, task.device);
const { step, close } = await onEngine(engine, await prepared(work, task), task);
await turnOf(task.warmUp, step);
const { seconds, losses } = await turnOf(task.steps, step);
await close();
if (!losses.every(Number.isFinite)) throw new Error(`bench: losses ${losses.join(" ")}`);
const rate: EngineRate = {
  imagesPerSecond: task.batch / median(seconds),
  library: `${engine.library.name} ${engine.library.version}`,
};
console.log(JSON.stringify(rate));
