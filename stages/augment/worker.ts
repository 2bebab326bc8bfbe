import { workerData } from "piscina";
import { newScratch } from "../../shared/arrow/shard.ts";
import { newArena } from "../../shared/image/arena.ts";
import { prepareSharp } from "../../shared/image/prepare-sharp.ts";
import { answering } from "../../shared/pool.ts";
import { makeShard, type ShardTask } from "./make-shard.ts";
import { rowBytes } from "./plan.ts";

/** Shared by all workers: one number, the views warped so far. */
export interface WorkerSetup {
  readonly tally: Int32Array;
}

const { tally } = workerData as WorkerSetup;

prepareSharp();

const arena = newArena();
const scratch = newScratch();

/**
 * The pixels of the shard at work. One piece of memory serves a thread's every shard, as the system
 * would clear each anew.
 */
let memory = new Uint8Array(0);

function roomFor({ photos, views, config }: ShardTask): Uint8Array {
  const bytes = photos.length * views.length * rowBytes(config.inputSize);
  if (memory.length < bytes) memory = new Uint8Array(bytes);
  return memory;
}

/** Makes one shard in a thread of the pool. */
export default answering((task: ShardTask) =>
  makeShard(task, roomFor(task), arena, scratch, (views) => void Atomics.add(tally, 0, views)),
);
