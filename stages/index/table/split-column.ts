import { unexpected } from "../../../shared/errors.ts";
import { shellWord } from "../../../shared/shell-word.ts";
import { splitNamed } from "../layout/part-names.ts";
import type { Split } from "../row.ts";
import { isSplitName, partAskedBy } from "./column-names.ts";
import { type Lack, named, type NamedTable, some } from "./named-table.ts";

/**
 * A column of parts: their names; yes and no on one of them; or a value that stands for validation.
 */
export interface SplitColumn {
  readonly column: number;
  readonly means:
    "names" | { readonly yes: "train" | "validation" | "test" } | { readonly validation: string };
}

/**
 * The column of parts, where there is one; a lack where numbers may be folds, which must be asked.
 *
 * @param flag a column's name, "none", or name=value where that value is the validation part; "":
 * found out
 */
export function splitColumn(
  { header, rows }: NamedTable,
  id: number,
  flag: string,
): SplitColumn | Lack | null {
  if (flag === "none") return null;
  if (flag !== "") {
    const [name = "", value] = flag.split("=");
    const column = named(header, name, "split-column");
    if (typeof column !== "number") return column;
    return { column, means: value === undefined ? "names" : { validation: value } };
  }
  for (const [column, name] of header.entries()) {
    if (column === id) continue;
    const values = new Set(rows.map((row) => row[column] ?? "").filter((cell) => cell !== ""));
    if (values.size === 0) continue;
    const known = [...values].filter((value) => splitNamed(value) !== null).length;
    const yes = partAskedBy(name);
    if (yes !== null && [...values].every((value) => /^(0|1|true|false|yes|no)$/i.test(value)))
      return { column, means: { yes } };
    if (isSplitName(name) && known > 0) return { column, means: "names" };
    if (known === values.size && values.size > 1) return { column, means: "names" };
    if (isSplitName(name) && values.size > 1 && [...values].every((value) => /^\d+(\.0)?$/.test(value)))
      return {
        lacks: `its column ${name} holds the numbers ${some([...values])}: is that a split? --split-column ${shellWord(`${name}=${[...values][0] ?? "0"}`)} takes that number for validation, --split-column none makes a split of its own`,
      };
  }
  return null;
}

/**
 * The part that a row's cell gives; null where it is empty or there is no such column.
 *
 * @throws PipelineError `data` where it names none
 */
export function givenOf(
  cells: readonly string[],
  split: SplitColumn | null,
  file: string,
  line: number,
): Split | null {
  if (split === null) return null;
  const cell = cells[split.column] ?? "";
  if (cell === "") return null;
  if (split.means !== "names") {
    if ("validation" in split.means) return cell === split.means.validation ? "validation" : "train";
    const isYes = /^(1|true|yes)$/i.test(cell);
    if (split.means.yes === "train") return isYes ? "train" : "test";
    return isYes ? split.means.yes : "train";
  }
  const part = splitNamed(cell);
  if (part !== null) return part;
  throw unexpected("data", {
    where: "index",
    expected: "train, validation or test as the split",
    subject: `${file}, line ${line}`,
    got: `"${cell}"`,
    hint: "correct it, or give --split-column none to have a split made",
  });
}
