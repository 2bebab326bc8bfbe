import type { Engine } from "./engine.ts";
import { loopOver } from "./loop.ts";
import { loadSession, onnxruntimeLibrary } from "./onnxruntime-session.ts";

const provider = { engine: "cpu", provider: "cpu" } as const;

/** onnxruntime on the CPU, from npm alone. */
export function cpuEngine(): Engine {
  return {
    name: "cpu",
    library: onnxruntimeLibrary(),
    runsGradientOperators: false,
    threadSafe: true,
    load: (model, options) => loadSession(model, options, provider),
    loop: async (model, state, options) => loopOver(await loadSession(model, options, provider), state),
  };
}
