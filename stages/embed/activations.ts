import type { RowPlace } from "../../shared/arrow/held-rows.ts";
import type { Shard } from "../../shared/arrow/shard.ts";
import type { Session } from "../../shared/engine/engine.ts";
import type { BatchSize } from "../../shared/engine/out-of-memory.ts";

/**
 * Computes rows of a shard's activations from its pixels, view by view.
 *
 * @param missing the rows to compute
 * @param into a buffer for each of some views, rows contiguous
 * @param first the position among the shard's views of the first of them
 * @param batch rows that go through the network at once
 */
export async function computeRows(
  session: Session,
  pixels: Shard,
  missing: readonly RowPlace[],
  into: readonly Float32Array[],
  first: number,
  batch: BatchSize,
): Promise<void> {
  for (const [view, target] of into.entries()) {
    const wanted = missing.filter((place) => place.view === view).map(({ row }) => row);
    if (wanted.length === 0) continue;
    const rows = await pixels.view(first + view);
    await computeView(session, rows as Uint8Array, pixels, wanted, target, batch);
  }
}

async function computeView(
  session: Session,
  pixels: Uint8Array,
  { photos, shape }: Shard,
  wanted: readonly number[],
  target: Float32Array,
  batch: BatchSize,
): Promise<void> {
  const pixelSize = pixels.length / photos.length;
  const featureSize = target.length / photos.length;
  for (let first = 0; first < wanted.length;) {
    const rows = await batch.attempt(async (most) => {
      const rows = wanted.slice(first, first + most);
      const data = gathered(pixels, rows, pixelSize);
      const image = { type: "uint8", dims: [rows.length, ...shape], data } as const;
      const { features } = await session.run({ image }, ["features"]);
      const values = features?.data as Float32Array;
      for (const [i, row] of rows.entries())
        target.set(values.subarray(i * featureSize, (i + 1) * featureSize), row * featureSize);
      return rows;
    });
    first += rows.length;
  }
}

/** Rows one after another; without a copy where they already are. */
function gathered(all: Uint8Array, rows: readonly number[], size: number): Uint8Array {
  const [first = 0] = rows;
  if (rows.every((row, i) => row === first + i))
    return all.subarray(first * size, (first + rows.length) * size);
  const data = new Uint8Array(rows.length * size);
  for (const [i, row] of rows.entries()) data.set(all.subarray(row * size, (row + 1) * size), i * size);
  return data;
}
