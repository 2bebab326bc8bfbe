import { config, type IndexConfig } from "../../../../stages/index/config.ts";
import { list } from "../../../../stages/index/layout/list.ts";
import type { Listing } from "../../../../stages/index/row.ts";

/** What is listed of a folder or a table with the flags that are given. */
export function listing(data: string, given: Partial<IndexConfig> = {}): Promise<Listing> {
  return list(config.parse({ data, ...given }));
}

/** Rows as text, so that a test reads like the listing: "id path label given group". */
export async function rowsOf(data: string, given: Partial<IndexConfig> = {}): Promise<string[]> {
  const { rows } = await listing(data, given);
  return rows.map(({ id, path, label, given: part, group }) =>
    [id, path, label ?? "-", part ?? "-", group ?? "-"].join(" "),
  );
}

/** How many rows each class has: { cat: 2 }. */
export function countsOf({ rows }: Pick<Listing, "rows">): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label ?? "-", (counts.get(label ?? "-") ?? 0) + 1);
  return Object.fromEntries([...counts].sort());
}

/** How many labelled rows each part has. */
export function partsOf({ rows }: Pick<Listing, "rows">): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { label, given } of rows)
    if (label !== null) counts.set(given ?? "-", (counts.get(given ?? "-") ?? 0) + 1);
  return Object.fromEntries([...counts].sort());
}

/**
 * Empty files `1.jpg` to `count.jpg` in each class's folder below `below`: what is listed opens
 * none.
 */
export function emptyPhotos(
  below: string,
  classes: readonly string[],
  count: number,
  ending = ".jpg",
): Record<string, string> {
  return Object.fromEntries(
    classes.flatMap((name) =>
      Array.from({ length: count }, (_, i) => [
        [below, name, `${i + 1}${ending}`].filter((each) => each !== "").join("/"),
        "",
      ]),
    ),
  );
}

/** A table's text of photos `folder/000.jpg` …, labels a and b by turns, and those photos. */
export function tableOf(
  file: string,
  header: string | null,
  row: (i: number, label: string) => string,
  { folder = "train", count = 10 }: { folder?: string; count?: number } = {},
): Record<string, string> {
  const numbers = Array.from({ length: count }, (_, i) => i);
  const name = (i: number) => `${String(i).padStart(3, "0")}.jpg`;
  const lines = numbers.map((i) => row(i, i % 2 === 0 ? "a" : "b"));
  return {
    [file]: `${[...(header === null ? [] : [header]), ...lines].join("\n")}\n`,
    ...Object.fromEntries(numbers.map((i) => [folder === "" ? name(i) : `${folder}/${name(i)}`, ""])),
  };
}
