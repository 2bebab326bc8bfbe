import { readFileSync } from "node:fs";

/** The inner loops (kernels.wat says what each does); addresses and lengths in bytes. */
interface Kernels {
  readonly sumRows: (
    row: number,
    stride: number,
    weights: number,
    taps: number,
    bytes: number,
    out: number,
  ) => void;
  readonly sumColumns: (
    row: number,
    starts: number,
    weights: number,
    steps: number,
    count: number,
    out: number,
  ) => void;
  readonly line: (
    image: number,
    stride: number,
    x: number,
    y: number,
    stepX: number,
    stepY: number,
    count: number,
    out: number,
  ) => void;
}

/** The memory that the kernels work on, given out as a stack. */
export interface Arena extends Kernels {
  /** The address of `bytes` bytes, a multiple of 16, with what kernels reach beyond them. They hold anything. */
  take(bytes: number): number;
  /** Where the next piece will lie, for `release`. */
  mark(): number;
  /** Gives back all that was taken since `mark`. */
  release(mark: number): void;
  /** The memory as bytes: valid until the next `take`, which may move it. */
  bytes(): Uint8Array<ArrayBuffer>;
}

interface Exports extends Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
}

const pageBytes = 65536;
const reach = 16;

/** A new arena with an instance of the kernels. It grows to what the largest photo needs and keeps that. */
export function newArena(): Arena {
  const code = readFileSync(new URL("kernels.wasm", import.meta.url));
  const exports = new WebAssembly.Instance(new WebAssembly.Module(code)).exports as Exports;
  const { memory, sumRows, sumColumns, line } = exports;
  let bytes = new Uint8Array(memory.buffer);
  let next = 0;
  return {
    sumRows,
    sumColumns,
    line,
    take(length) {
      const address = next;
      next = Math.ceil((address + length + reach) / 16) * 16;
      const missing = next - bytes.length;
      if (missing > 0) {
        memory.grow(Math.ceil(missing / pageBytes));
        bytes = new Uint8Array(memory.buffer);
      }
      return address;
    },
    mark: () => next,
    release(mark) {
      next = mark;
    },
    bytes: () => bytes,
  };
}
