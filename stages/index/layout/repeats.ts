import { type PipelineError, unexpected } from "../../../shared/errors.ts";

interface Named {
  readonly label: string | null;
}

/**
 * The first row of every name, and the error where a name has two labels.
 *
 * @param nameOf what must have one label only: an id, a path
 */
export function firstOfEach<Row extends Named>(
  file: string,
  rows: readonly Row[],
  nameOf: (row: Row) => string,
): { readonly rows: Row[]; readonly clash: PipelineError | null } {
  const first = new Map<string, Row>();
  const clashes: string[] = [];
  for (const row of rows) {
    const before = first.get(nameOf(row));
    if (before === undefined) first.set(nameOf(row), row);
    else if (before.label !== row.label)
      clashes.push(`${nameOf(row)} (${before.label ?? "none"}, ${row.label ?? "none"})`);
  }
  const own = [...first.values()];
  if (clashes.length === 0) return { rows: own, clash: null };
  const more = clashes.length > 20 ? ` and ${clashes.length - 20} more` : "";
  const clash = unexpected("data", {
    where: "index",
    expected: "one label for each photo",
    subject: file,
    got: `two for ${clashes.slice(0, 20).join(", ")}${more}`,
    hint: "correct these rows",
  });
  return { rows: own, clash };
}

/** The remark that rows repeat a photo under the same label, where there are any. */
export function repeatsSaid(count: number): string[] {
  return count > 0 ? [`${count} rows repeat a photo under the same label: taken once`] : [];
}
