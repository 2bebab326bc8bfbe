import type { Tensor } from "../onnx/graph.ts";

export type Feeds = Readonly<Record<string, Tensor>>;

/** A graph made ready to run. */
export interface Session {
  /** Runs the graph and returns the named outputs. Large graphs hold the event loop meanwhile. */
  run(feeds: Feeds, outputs: readonly string[]): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}

/** A tensor that goes into a graph and comes out of it changed, to go in again. */
export interface StateSlot {
  readonly input: string;
  readonly output: string;
  readonly initial: Tensor;
}

/** A graph that runs over and over, each time with the state that the last run left, which stays where the engine keeps it. */
export interface Loop {
  /** Runs the graph once more. `feeds` are its inputs but for the state, `outputs` its outputs but for the state. */
  run(feeds: Feeds, outputs: readonly string[]): Promise<Record<string, Tensor>>;
  /** Slots of the state as they are now, by their inputs' names. Later runs leave these tensors as they are. */
  read(inputs: readonly string[]): Promise<ReadonlyMap<string, Tensor>>;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** threads within one operator; 1 gives the same bits on any number of cores */
  readonly threads: number;
  /** whether threads spin while they wait for work: faster, where nothing else wants the cores */
  readonly spinning?: boolean;
}

/** Where an engine computes; auto: on the GPU where it has one. */
export type ComputeDevice = "auto" | "cpu" | "gpu";

/** Who runs graphs. A graph is a serialised ONNX model. */
export interface Engine {
  readonly name: string;
  /** the library that computes, and its version: part of the keys of what it computes */
  readonly library: { readonly name: string; readonly version: string };
  /** whether it runs the operators of a training graph that ONNX does not have (ConvInputGradient and its kin) by itself */
  readonly runsGradientOperators: boolean;
  /** whether several threads of a process may compute at once, each with sessions of its own */
  readonly threadSafe: boolean;
  load(model: Uint8Array, options: SessionOptions): Promise<Session>;
  loop(model: Uint8Array, state: readonly StateSlot[], options: SessionOptions): Promise<Loop>;
}
