import type { ShardRecord } from "../artifacts/types.ts";
import { readVerifiedShard, type Scratch, type Shard } from "./shard.ts";
import type { TensorRows } from "./tensor.ts";

/** A row within a shard: the positions (not the numbers) of its view and of its photo. */
export interface RowPlace {
  readonly view: number;
  readonly row: number;
}

/** Rows that one finished shard holds and another needs. */
export interface Copies {
  /** the finished shard's key, and the digest that its bytes must have */
  readonly shard: string;
  readonly sha256: string;
  readonly rows: readonly { readonly from: RowPlace; readonly to: RowPlace }[];
}

/** How the rows of a new shard come about: copied, or made. */
export interface RowPlan {
  readonly copies: readonly Copies[];
  readonly missing: readonly RowPlace[];
}

/** Answers, for a photo and a view's number, which finished shard holds that row. */
export type HeldRows = (
  photo: string,
  view: number,
) => { readonly shard: ShardRecord; readonly from: RowPlace } | undefined;

/** Which rows finished shards of one derivation hold. Rows of one derivation are equal wherever they lie. */
export function heldRows(records: readonly ShardRecord[]): HeldRows {
  const shardsOf = new Map<string, { shard: ShardRecord; row: number }[]>();
  for (const shard of records)
    for (const [row, photo] of shard.photos.entries()) {
      const known = shardsOf.get(photo);
      if (known === undefined) shardsOf.set(photo, [{ shard, row }]);
      else known.push({ shard, row });
    }
  return (photo, view) => {
    for (const { shard, row } of shardsOf.get(photo) ?? []) {
      const position = shard.views.indexOf(view);
      if (position >= 0) return { shard, from: { view: position, row } };
    }
    return undefined;
  };
}

/** Plans a shard's rows: what can be copied from finished shards, and what is missing, view by view. */
export function planRows(photos: readonly string[], views: readonly number[], held: HeldRows): RowPlan {
  const copies = new Map<string, { sha256: string; rows: { from: RowPlace; to: RowPlace }[] }>();
  const missing: RowPlace[] = [];
  for (const [view, number] of views.entries())
    for (const [row, photo] of photos.entries()) {
      const to = { view, row };
      const found = held(photo, number);
      if (found === undefined) {
        missing.push(to);
        continue;
      }
      const { shard, from } = found;
      const known = copies.get(shard.key) ?? { sha256: shard.sha256, rows: [] };
      known.rows.push({ from, to });
      copies.set(shard.key, known);
    }
  return { copies: [...copies].map(([shard, copy]) => ({ shard, ...copy })), missing };
}

/** The part of a plan that is about `count` views from the `first` on; their positions count from there. */
export function viewsOfPlan({ copies, missing }: RowPlan, first: number, count: number): RowPlan {
  const inside = ({ view }: RowPlace) => view >= first && view < first + count;
  const moved = ({ view, row }: RowPlace) => ({ view: view - first, row });
  return {
    copies: copies
      .map(({ rows, ...shard }) => ({
        ...shard,
        rows: rows.filter(({ to }) => inside(to)).map(({ from, to }) => ({ from, to: moved(to) })),
      }))
      .filter(({ rows }) => rows.length > 0),
    missing: missing.filter(inside).map(moved),
  };
}

/**
 * Copies rows into the buffers of a new shard (one a view, rows contiguous), from shards whose bytes are what their
 * records say.
 *
 * @param pathOf where a finished shard lies
 * @returns the rows that could not be copied, as their shard is damaged or gone: they must be made after all
 */
export async function copyRows(
  copies: readonly Copies[],
  into: readonly TensorRows[],
  photos: number,
  pathOf: (shard: string) => string,
  scratch: Scratch,
): Promise<RowPlace[]> {
  const lost: RowPlace[] = [];
  for (const { shard: key, sha256, rows } of copies) {
    const shard = await readVerifiedShard(pathOf(key), sha256, scratch);
    if (shard === null) lost.push(...rows.map(({ to }) => to));
    else await copyFrom(shard, rows, into, photos);
  }
  return lost;
}

async function copyFrom(
  shard: Shard,
  rows: Copies["rows"],
  into: readonly TensorRows[],
  photos: number,
): Promise<void> {
  for (const view of new Set(rows.map(({ from }) => from.view))) {
    const held = await shard.view(view);
    const size = held.length / shard.photos.length;
    for (const { from, to } of rows.filter((each) => each.from.view === view)) {
      const target = into[to.view];
      if (target?.length !== size * photos)
        throw new RangeError("a shard of the same derivation has rows of another size");
      target.set(held.subarray(from.row * size, (from.row + 1) * size), to.row * size);
    }
  }
}
