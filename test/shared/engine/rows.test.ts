import { describe, expect, it } from "vitest";
import type { Session } from "../../../shared/engine/engine.ts";
import {
  OutOfMemory,
  outOfMemory,
  shrinkingBatch,
  tellsOfNoMemory,
} from "../../../shared/engine/out-of-memory.ts";
import { throughGraph } from "../../../shared/engine/rows.ts";

/** Doubles what goes in, and has memory for so many rows; notes how many it was given. */
function doubling(room: number, given: number[]): Session {
  return {
    run({ x }) {
      const rows = x?.dims[0] ?? 0;
      given.push(rows);
      if (rows > room) return Promise.reject(outOfMemory("fake", "no room", null));
      const data = Float32Array.from(x?.data as Float32Array, (value) => 2 * value);
      return Promise.resolve({ y: { type: "float32", dims: [rows, 2], data } });
    },
    close: () => Promise.resolve(),
  };
}

const source = { input: "x", shape: [2], rows: Float32Array.from({ length: 22 }, (_, i) => i) };

async function through(session: Session, batch: Parameters<typeof throughGraph>[3]): Promise<number[]> {
  const all: number[] = [];
  for await (const { first, results } of throughGraph(session, source, ["y"], batch)) {
    expect(all).toHaveLength(2 * first);
    all.push(...(results["y"]?.data as Float32Array));
  }
  return all;
}

describe("rows that go through a graph", () => {
  const doubled = Array.from(source.rows, (value) => 2 * value);

  it("go so many at a time, the last fewer", async () => {
    const given: number[] = [];
    expect(await through(doubling(100, given), 4)).toEqual(doubled);
    expect(given).toEqual([4, 4, 3]);
  });

  it("go half as many at a time from where memory ran out, which is said once, and none is lost", async () => {
    const given: number[] = [];
    const told: number[] = [];
    const batch = shrinkingBatch(8, (rows) => told.push(rows));
    expect(await through(doubling(3, given), batch)).toEqual(doubled);
    expect(given).toEqual([8, 4, 2, 2, 2, 2, 2, 1]);
    expect(told).toEqual([4, 2]);
    given.length = 0;
    await through(doubling(3, given), batch);
    expect(given[0]).toBe(2);
  });

  it("are given up where there is no room for one", async () => {
    await expect(through(doubling(0, []), 4)).rejects.toThrow(OutOfMemory);
  });

  it("are not tried again where something else is wrong", async () => {
    const given: number[] = [];
    const broken: Session = {
      run: () => {
        given.push(1);
        return Promise.reject(new Error("broken"));
      },
      close: () => Promise.resolve(),
    };
    await expect(through(broken, 4)).rejects.toThrow("broken");
    expect(given).toHaveLength(1);
  });
});

describe("onnxruntime's words", () => {
  it.each([
    "Non-zero status code returned while running Conv node. Failed to allocate memory for requested buffer of size 822083584",
    "bfc_arena.cc:376 Available memory of 4096 is smaller than requested bytes of 8192",
    "CUDA failure 2: out of memory ; GPU=0",
    "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED",
    "vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY",
    "std::bad_alloc",
  ])("%s tell of no memory", (words) => {
    expect(tellsOfNoMemory(words)).toBe(true);
  });

  it("of another failure do not", () => {
    expect(tellsOfNoMemory("Got invalid dimensions for input: x")).toBe(false);
  });
});
