import { readFile } from "node:fs/promises";
import type { Artifact } from "../../../shared/artifacts/types.ts";

/** A line of metrics.jsonl, as far as the page shows it. */
export interface Epoch {
  /** from 1 */
  readonly epoch: number;
  readonly learningRate: number;
  readonly trainLoss: number;
  /** null: there were no validation photos */
  readonly validation: { readonly loss: number; readonly accuracy: number } | null;
}

/** The epochs that a training ran. */
export async function readEpochs(train: Artifact): Promise<Epoch[]> {
  const text = await readFile(train.file("metrics.jsonl"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Epoch);
}
