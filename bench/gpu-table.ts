/** One engine at one work beside PyTorch. */
export interface Row {
  readonly title: string;
  readonly batch: number;
  readonly engine: string;
  /** images a second, or why there is no such number */
  readonly ours: number | string;
  readonly pyTorch: number | string;
}

/** Rows of a Markdown table, one ratio a line. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ title, batch, engine, ours, pyTorch }) => {
    const ratio = typeof ours === "number" && typeof pyTorch === "number" ? (ours / pyTorch).toFixed(2) : "";
    return `| ${[title, batch, engine, rate(ours), rate(pyTorch), ratio].join(" | ")} |`;
  });
  return [
    "| work | batch | engine | images/s | PyTorch's images/s | ratio |",
    "| --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

function rate(value: number | string): string {
  return typeof value === "number" ? value.toFixed(1) : value.replaceAll("|", "/");
}
