import type { Tensor } from "../onnx/graph.ts";
import type { Loop, Session, StateSlot } from "./engine.ts";

/** A loop over a session whose state travels: out of every run, and into the next. */
export function loopOver(session: Session, state: readonly StateSlot[]): Loop {
  const states = state.map(({ output }) => output);
  let now = new Map(state.map(({ input, initial }) => [input, initial]));
  return {
    async run(feeds, outputs) {
      const results = await session.run({ ...Object.fromEntries(now), ...feeds }, [...outputs, ...states]);
      now = new Map(state.map(({ input, output }) => [input, known(results[output], output)]));
      return Object.fromEntries(outputs.map((output) => [output, known(results[output], output)]));
    },
    read: (inputs) => Promise.resolve(new Map(inputs.map((input) => [input, known(now.get(input), input)]))),
    close: () => session.close(),
  };
}

function known(tensor: Tensor | undefined, name: string): Tensor {
  if (tensor === undefined) throw new Error(`engine: no tensor "${name}"`);
  return tensor;
}
