import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Place } from "../../plan/plan.ts";
import type { Json } from "../../shared/artifacts/types.ts";
import type { Failed, Scored } from "./carry.ts";
import type { Cell } from "./plan.ts";

/** A sweep as a machine reads it. */
type SweepJson = Readonly<Record<string, Json>> & {
  readonly folds: number;
  /** the best first; `results` are keys of the train stage, a fold each */
  readonly cells: readonly Json[];
  readonly failed: readonly Json[];
  /** settings of the one to take, and the command that trains it; null where all have failed */
  readonly take: { readonly settings: Json; readonly command: string } | null;
};

/**
 * Writes `runs/<run>/sweep.json`, in place of an earlier sweep's.
 *
 * @returns where it is, and what it says
 */
export async function writeSweep(
  { store, run }: Place,
  scored: readonly Scored[],
  failed: readonly Failed[],
  take: { readonly scored: Scored; readonly command: string } | null,
): Promise<{ file: string; sweep: Json }> {
  const sweep: SweepJson = {
    folds: (scored[0] ?? failed[0])?.cell.trainings.length ?? 0,
    cells: scored.map(({ cell, accuracy, loss, seconds, blocks }) => ({
      ...{ settings: settingsIn(cell), accuracy: { ...accuracy }, loss: { ...loss }, seconds, blocks },
      results: cell.trainings.map(({ key }) => key),
    })),
    failed: failed.map(({ cell, why }) => ({ settings: settingsIn(cell), why })),
    take: take === null ? null : { settings: settingsIn(take.scored.cell), command: take.command },
  };
  const file = store.path(`runs/${run}/sweep.json`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(sweep, null, 2)}\n`);
  await rename(`${file}.new`, file);
  return { file, sweep };
}

function settingsIn({ point }: Cell): Json {
  return Object.fromEntries(point);
}
