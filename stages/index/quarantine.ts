import { PipelineError } from "../../shared/errors.ts";
import type { QuarantinedRow } from "./write-tables.ts";

/**
 * @param most share of the rows that may be bad
 * @throws PipelineError `data`, with the list, where more are
 */
export function expectFewBad(bad: readonly QuarantinedRow[], rows: number, most: number): void {
  if (bad.length <= most * rows) return;
  const shown = bad.slice(0, 20).map((row) => `  ${row.path}: ${row.reason}`);
  const more = bad.length > 20 ? [`  and ${bad.length - 20} more`] : [];
  throw new PipelineError(
    "data",
    [
      `index: expected at most ${percent(most)} bad photos but got ${bad.length} of ${rows} (${percent(bad.length / rows)})`,
      ...shown,
      ...more,
      "  mend or remove them, or give a larger --max-bad",
    ].join("\n"),
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
