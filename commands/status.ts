import { stat } from "node:fs/promises";
import Table from "cli-table3";
import type { Manifest } from "../shared/artifacts/types.ts";
import type { Place, PlannedStage } from "../plan/plan.ts";

/** What is there, what is stale, and which component of its key made it so: a line a stage. */
export async function describeStatus(plan: readonly PlannedStage[], place: Place): Promise<string> {
  const table = new Table({
    head: ["stage", "state", "key", "made", "size", "why"],
    style: { head: [], border: [] },
  });
  for (const planned of plan) {
    const { stage, state, current, reasons } = planned;
    table.push([
      stage.name,
      wordFor(planned),
      current === null ? "" : current.key.slice(0, 12),
      current === null ? "" : await madeAt(current, place),
      current === null ? "" : sizeOf(current),
      state === "done" && current?.key === planned.key ? "" : reasons.join("\n"),
    ]);
  }
  return `run ${place.run}\n${table.toString()}\n`;
}

function wordFor({ state, key, current }: PlannedStage): string {
  if (state !== "done") return state;
  return current?.key === key ? "fresh" : "fresh, in another run";
}

async function madeAt({ parts, key }: Manifest, { store }: Place): Promise<string> {
  const { mtime } = await stat(store.path(`${parts.stage}/${key}/manifest.json`));
  return mtime.toISOString().slice(0, 16).replace("T", " ");
}

function sizeOf({ files, shards }: Manifest): string {
  const bytes = [...files, ...shards].reduce((sum, file) => sum + file.bytes, 0);
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(0)} MB`;
}
