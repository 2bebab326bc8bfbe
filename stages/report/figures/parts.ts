import type { Scores } from "./scores.ts";

/** How the parts that can be measured with came out, and what each of them was used for. */
export interface MeasuredParts {
  /** null where there are no photos of that part */
  readonly validation: Scores | null;
  /** scored once, after everything was chosen; null where no test part was given */
  readonly test: Scores | null;
  /** what the epoch that was kept was chosen by; "last": there was nothing to choose by */
  readonly chosenBy: "validation" | "last";
  /** what made it the best; null where nothing was chosen */
  readonly criterion: "loss" | "macro-f1" | null;
  readonly epoch: number;
  /** how many were run */
  readonly epochs: number;
}
