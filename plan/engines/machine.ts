import { findGpus } from "../../shared/engine/gpus.ts";
import { keptOutcome } from "../../shared/engine/trial/kept.ts";
import type { Outcome } from "../../shared/engine/trial/trial.ts";
import { tryEngine } from "../../shared/engine/trial/trial.ts";
import { checkTensorflowDevice } from "../../shared/engine/tensorflow/device.ts";
import { unexpected } from "../../shared/errors.ts";
import { versionsOf } from "../../shared/libraries.ts";
import { limitsHere } from "../../shared/limits.ts";
import type { Progress } from "../../shared/progress.ts";
import { choiceOf, demandGpu, deviceOf, type EngineOn, gpuEngines, isBetter, type Tried } from "./choice.ts";
import type { Engines } from "./resolve.ts";

/**
 * The engines of this machine. Nothing is loaded or tried before it has to be, and nothing twice.
 */
export function enginesOfThisMachine(progress: Progress): Engines {
  const gpus = findGpus();
  const tries = new Map<string, Promise<Outcome>>();
  const outcomeOf = (on: EngineOn): Promise<Outcome> => {
    const name = `${on.engine} on ${on.device}`;
    const outcome = tries.get(name) ?? keptOutcome(on, gpus, () => tried(on, progress));
    tries.set(name, outcome);
    return outcome;
  };
  return {
    async expect(wish) {
      if (wish.engine !== "auto") {
        const device = deviceOf(wish, gpus);
        if (wish.engine === "tensorflow") await checkTensorflowDevice(device);
      } else if (wish.device === "gpu") demandGpu(gpus);
    },
    async choose(purpose, wish) {
      if (wish.engine !== "auto") {
        const device = deviceOf(wish, gpus);
        return { engine: wish.engine, device, reasons: [`--engine ${wish.engine}`] };
      }
      const attempts: Tried[] = [];
      for (const on of wish.device === "cpu" ? [] : gpuEngines(purpose, gpus)) {
        const attempt = { ...on, outcome: await outcomeOf(on) };
        attempts.push(attempt);
        if (isBetter(attempt)) break;
      }
      return choiceOf(gpus, attempts, wish.device);
    },
    async library(on) {
      if (on.engine !== "tensorflow") return versionsOf(["onnxruntime-node"]);
      const outcome = await outcomeOf(on);
      if (outcome.works) return { [outcome.library.name]: outcome.library.version };
      throw unexpected("engine", {
        where: "engine",
        expected: `${on.engine} to work on the ${on.device}`,
        subject: `--engine ${on.engine}`,
        got: outcome.why,
        hint: outcome.hint === "" ? "npx zx pipeline.ts doctor tries all engines" : outcome.hint,
      });
    },
  };
}

async function tried(on: EngineOn, progress: Progress): Promise<Outcome> {
  progress.line(`trying the engine ${on.engine} on the ${on.device}`);
  // Loaded when it is needed: most plans try nothing.
  const { convolutions } = await import("../../shared/engine/trial/graph.ts");
  return tryEngine({ ...on, ...convolutions(), threads: limitsHere().usable, seconds: 1 });
}
