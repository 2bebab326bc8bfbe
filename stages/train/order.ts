import { permutation, randomFor } from "../../shared/random.ts";

/** Shards that are in memory together, and the order in which their examples are trained on. */
export interface Window {
  /** numbers of shards */
  readonly shards: readonly number[];
  /** positions among the window's examples, counted shard after shard */
  readonly order: Uint32Array;
}

/**
 * The order of an epoch, a function of seed and epoch alone: the shards shuffled, taken together into windows, and the examples
 * shuffled within each window. Photos lie in shards by their sha256, so a window is a random draw of the set.
 *
 * @param counts how many examples each shard has
 * @param size examples in a window, at the least two shards' where there are two
 */
export function epochOrder(counts: readonly number[], size: number, seed: number, epoch: number): Window[] {
  const random = randomFor("order", seed, epoch);
  const windows: number[][] = [];
  let room = 0;
  for (const shard of permutation(counts.length, random)) {
    const count = counts[shard] as number;
    const open = windows.at(-1);
    if (open !== undefined && (room >= count || open.length < 2)) open.push(shard);
    else {
      windows.push([shard]);
      room = size;
    }
    room -= count;
  }
  return windows.map((shards) => {
    const examples = shards.reduce((sum, shard) => sum + (counts[shard] as number), 0);
    return { shards, order: permutation(examples, random) };
  });
}
