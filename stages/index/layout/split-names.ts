import type { Split } from "../row.ts";

const names: Readonly<Record<string, Split>> = {
  train: "train",
  training: "train",
  val: "validation",
  valid: "validation",
  validation: "validation",
  test: "test",
};

/** The part that a folder or a CSV cell names, in any case; null where it names none. */
export function splitNamed(name: string): Split | null {
  return names[name.trim().toLowerCase()] ?? null;
}
