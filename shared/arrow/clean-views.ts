import type { Artifact } from "../artifacts/types.ts";
import { openShard } from "./shard.ts";
import type { TensorRows } from "./tensor.ts";

/** View 0 of some photos: rows in the photos' order, contiguous. */
export interface CleanRows {
  readonly photos: readonly string[];
  /** of one row */
  readonly shape: readonly number[];
  readonly rows: TensorRows;
}

/** View 0 of every photo of a result, shard by shard: memory holds one shard's view, and the next is read ahead. */
export async function* cleanViews(result: Artifact): AsyncGenerator<CleanRows> {
  const read = (name: string | undefined) => (name === undefined ? null : readCleanView(result.shard(name)));
  const names = result.manifest.shards.map((shard) => shard.name);
  let next = read(names[0]);
  for (let i = 0; next !== null; i++) {
    const current = await next;
    next = read(names[i + 1]);
    // Where the consumer stops early, nobody waits for what was read ahead.
    next?.catch(() => undefined);
    yield current;
  }
}

async function readCleanView(path: string): Promise<CleanRows> {
  const shard = await openShard(path);
  try {
    const { photos, views, shape } = shard;
    return { photos, shape, rows: await shard.view(views.indexOf(0)) };
  } finally {
    await shard.close();
  }
}
