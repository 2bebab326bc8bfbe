import { counted } from "../../../shared/counted.ts";
import { PipelineError } from "../../../shared/errors.ts";
import type { ListedRow } from "../row.ts";

/** Rows whose labels have been looked through, and what was found. */
export interface CheckedRows {
  readonly rows: readonly ListedRow[];
  readonly remarks: readonly string[];
}

/** How labels that differ in case or blanks alone are taken. */
export type LabelCase = "ask" | "merge" | "keep";

/**
 * Joins labels that differ in case or blanks alone, or keeps them apart.
 *
 * @throws PipelineError `data` where there are some and nothing says which
 */
export function withLabelCase(rows: readonly ListedRow[], labelCase: LabelCase): CheckedRows {
  const groups = alike(rows);
  if (groups.length === 0) return { rows, remarks: [] };
  const shown = groups.slice(0, 10).map((names) => names.map(([name, n]) => `${name} (${n})`).join(" and "));
  if (labelCase === "keep") return { rows, remarks: [`alike, and kept apart: ${shown.join("; ")}`] };
  if (labelCase === "ask")
    throw new PipelineError(
      "data",
      [
        `index: expected classes whose names differ in more than case and blanks for "labels" but got ${groups.length === 1 ? "two that do not" : `${groups.length} such groups`}`,
        ...shown.map((names) => `  ${names}`),
        "  --label-case merge makes one class of them, --label-case keep leaves them apart",
      ].join("\n"),
    );
  const nameOf = new Map<string, string>();
  for (const names of groups) {
    const [largest] = [...names].sort(([, a], [, b]) => b - a);
    for (const [name] of names) nameOf.set(name, (largest?.[0] ?? name).trim());
  }
  return {
    rows: rows.map((row) =>
      row.label === null ? row : { ...row, label: nameOf.get(row.label) ?? row.label },
    ),
    remarks: [`alike, and made one class: ${shown.join("; ")}`],
  };
}

function alike(rows: readonly ListedRow[]): (readonly [string, number])[][] {
  const counts = countsOf(rows);
  const groups = new Map<string, (readonly [string, number])[]>();
  for (const entry of counts) {
    const plain = entry[0].toLowerCase().replaceAll(/\s+/g, " ").trim();
    groups.set(plain, [...(groups.get(plain) ?? []), entry]);
  }
  return [...groups.values()].filter((names) => names.length > 1);
}

/** The remark on labels that seem to be several joined ones: "scab rust" beside scab and rust. */
export function joinedLabelsSaid(rows: readonly ListedRow[]): string[] {
  const counts = countsOf(rows);
  const joined = [...counts].filter(([name]) => {
    const pieces = name.split(/[|;,&+\s]+/).filter((piece) => piece !== "");
    return pieces.length > 1 && pieces.filter((piece) => counts.has(piece)).length >= pieces.length / 2;
  });
  if (joined.length === 0) return [];
  const shown = joined.slice(0, 6).map(([name, count]) => `${name} (${count})`);
  return [
    `${counted(joined.length, "label looks", "labels look")} like several in one: ${shown.join(", ")}; each is taken as a class of its own`,
  ];
}

/**
 * Leaves the labels of photos out whose class no training photo could have: no output of the
 * network could learn it.
 */
export function trainableLabels(rows: readonly ListedRow[]): CheckedRows {
  const canTrain = ({ given }: ListedRow) => given === "train" || given === null;
  const classes = new Set(rows.filter(canTrain).map(({ label }) => label));
  const lost = countsOf(rows.filter(({ label }) => !classes.has(label)));
  if (lost.size === 0) return { rows, remarks: [] };
  const shown = [...lost].slice(0, 10).map(([name, count]) => `${name} (${count})`);
  return {
    rows: rows.map((row) =>
      lost.has(row.label ?? "") && row.label !== null ? { ...row, label: null, given: null } : row,
    ),
    remarks: [
      `${counted(lost.size, "class has", "classes have")} no training photo and ${lost.size === 1 ? "is" : "are"} no class of the network: ${shown.join(", ")}; these photos are taken as unlabelled`,
    ],
  };
}

function countsOf(rows: readonly ListedRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { label } of rows) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
