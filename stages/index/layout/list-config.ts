import { unexpected } from "../../../shared/errors.ts";
import type { IndexConfig } from "../config.ts";
import { usualPattern } from "./file-names.ts";

/** What decides how a data set is listed. */
export type ListConfig = Pick<
  IndexConfig,
  | "data"
  | "layout"
  | "table"
  | "idColumn"
  | "labelColumn"
  | "splitColumn"
  | "groupColumn"
  | "photos"
  | "ignore"
  | "labels"
  | "labelFrom"
  | "labelCase"
  | "encoding"
>;

/**
 * What `--label-from` asks for: "name" is the usual pattern, anything else a pattern of its own.
 *
 * @throws PipelineError `usage` where it is no pattern with a group in it
 */
export function labelPatternOf(labelFrom: string): RegExp | null {
  if (labelFrom === "") return null;
  if (labelFrom === "name") return usualPattern;
  try {
    const pattern = new RegExp(labelFrom, "u");
    const groups = new RegExp(`${labelFrom}|`, "u").exec("")?.length ?? 1;
    if (groups > 1) return pattern;
  } catch {
    // Said below, as is a pattern without a group.
  }
  throw unexpected("usage", {
    where: "index",
    expected: 'name, or a pattern whose first group is the label, as "^([a-z]+)_",',
    subject: "--label-from",
    got: labelFrom,
  });
}
