import { PipelineError, unexpected } from "../errors.ts";

/** An engine's memory does not hold what it is to compute at once. */
export class OutOfMemory extends PipelineError {}

/** @param words the library's own */
export function outOfMemory(engine: string, words: string, cause: unknown): OutOfMemory {
  const { code, message } = unexpected("engine", {
    where: "engine",
    expected: "a batch that fits into memory",
    subject: engine,
    got: words,
    hint: "take fewer photos at once: a smaller --batch, --embed-batch or --export-batch",
  });
  return new OutOfMemory(code, message, { cause });
}

/**
 * Whether onnxruntime 1.30 says that memory ran out: its own allocator, CUDA, cuDNN and cuBLAS,
 * Dawn and Vulkan.
 */
export function tellsOfNoMemory(message: string): boolean {
  return /out of memory|OUT_OF_(DEVICE_|HOST_)?MEMORY|failed to allocate memory|smaller than requested bytes|ALLOC_FAILED|bad_alloc/i.test(
    message,
  );
}

/** How many rows go through a graph at once. */
export interface BatchSize {
  /**
   * Works on that many; where memory does not hold them, on half as many, and on no more than that
   * from then on.
   */
  attempt<T>(work: (rows: number) => Promise<T>): Promise<T>;
}

/**
 * A batch that gets smaller as it must.
 *
 * @param told is called with each smaller size
 * @returns what throws OutOfMemory where not even one row fits
 */
export function shrinkingBatch(rows: number, told: (rows: number) => void): BatchSize {
  let now = rows;
  return {
    async attempt(work) {
      for (;;)
        try {
          return await work(now);
        } catch (error) {
          if (!(error instanceof OutOfMemory) || now === 1) throw error;
          now >>= 1;
          told(now);
        }
    },
  };
}

/** Says that a batch got smaller, and which flag asks for that at once. */
export function shrunk(flag: string, rows: number): string {
  return `out of memory: goes on with ${rows} at once, which ${flag} ${rows} asks for from the start`;
}
