import { PipelineError } from "../../errors.ts";
import type { Tensor } from "../../onnx/graph.ts";
import type { Engine } from "../engine.ts";
import { engineNamed } from "../engines.ts";
import type { Outcome, Trial } from "./trial.ts";

/**
 * The process in which an engine is tried: told what by a message, it answers with one, and ends.
 */
process.once("message", (trial) => {
  void answered(trial as Trial).then((outcome) => {
    process.send?.(outcome, () => {
      process.exit(0);
    });
  });
});

async function answered(trial: Trial): Promise<Outcome> {
  try {
    return await outcomeOf(trial);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const [why = "", ...hint] = error.message.split("\n");
    return { works: false, why: why.replace(/^engine: /, ""), hint: hint.join(" ").trim() };
  }
}

async function outcomeOf(trial: Trial): Promise<Outcome> {
  const engine = await engineNamed(trial.engine, trial.device);
  const own = await timed(engine, trial);
  const cpu = trial.engine === "cpu" ? own : await timed(await engineNamed("cpu"), { ...trial, seconds: 0 });
  const differences = trial.outputs.map(
    (name) => [name, difference(own.results[name], cpu.results[name])] as const,
  );
  return {
    works: true,
    library: engine.library,
    milliseconds: own.milliseconds,
    cpuMilliseconds: cpu.milliseconds,
    differences: Object.fromEntries(differences),
  };
}

/** The results, and how long the fastest run took; the first is not counted. */
async function timed(engine: Engine, { model, feeds, outputs, threads, seconds }: Trial) {
  const session = await engine.load(model, { threads });
  let results = await session.run(feeds, outputs);
  let milliseconds = Infinity;
  const started = performance.now();
  do {
    const before = performance.now();
    results = await session.run(feeds, outputs);
    milliseconds = Math.min(milliseconds, performance.now() - before);
  } while (performance.now() - started < seconds * 1000);
  await session.close();
  return { results, milliseconds };
}

/** The largest absolute difference over the largest absolute value. */
function difference(ours: Tensor | undefined, theirs: Tensor | undefined): number {
  if (ours?.data.length !== theirs?.data.length || theirs === undefined) return Infinity;
  let [apart, largest] = [0, 0];
  for (const [i, value] of theirs.data.entries()) {
    const distance = Math.abs(Number(ours?.data[i]) - Number(value));
    // Not Math.max: a number that is none must not pass for a small difference.
    if (!(distance <= apart)) apart = Number.isNaN(distance) ? Infinity : distance;
    largest = Math.max(largest, Math.abs(Number(value)));
  }
  return apart === 0 ? 0 : apart / largest;
}
