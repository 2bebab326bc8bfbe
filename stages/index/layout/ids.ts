import type { ListedRow } from "../row.ts";

/** A row whose id is given, or is to be made of a wish. */
export type UnnamedRow = Omit<ListedRow, "id" | "problem"> & {
  readonly id?: string;
  readonly problem?: string | null;
  /** the id it would have if no other row had it too; by default its path without the ending */
  readonly wish?: string;
};

/**
 * Gives each row its id: the one it came with, else what it wishes for, or its whole path where
 * others wish for the same.
 */
export function withIds(rows: readonly UnnamedRow[]): ListedRow[] {
  const wishes = rows.map((row) => row.id ?? row.wish ?? row.path.replace(/\.[^./]+$/, ""));
  const uses = new Map<string, number>();
  for (const wish of wishes) uses.set(wish, (uses.get(wish) ?? 0) + 1);
  return rows.map(({ id, path, label, given, group, problem = null }, i) => {
    const wish = wishes[i] ?? path;
    return { id: id ?? (uses.get(wish) === 1 ? wish : path), path, label, given, group, problem };
  });
}
