import type { Tensor } from "../onnx/graph.ts";

export type Feeds = Readonly<Record<string, Tensor>>;

/** A graph made ready to run. */
export interface Session {
  /** Runs the graph and returns the named outputs. Large graphs hold the event loop meanwhile. */
  run(feeds: Feeds, outputs: readonly string[]): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** threads within one operator; 1 gives the same bits on any number of cores */
  readonly threads: number;
}

/** Who runs graphs. A graph is a serialised ONNX model. */
export interface Engine {
  readonly name: string;
  /** the library that computes, and its version: part of the keys of what it computes */
  readonly library: { readonly name: string; readonly version: string };
  load(model: Uint8Array, options: SessionOptions): Promise<Session>;
}
