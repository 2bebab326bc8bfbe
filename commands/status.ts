import type { Command } from "commander";
import { stat } from "node:fs/promises";
import Table from "cli-table3";
import type { Manifest } from "../shared/artifacts/types.ts";
import { addCommonFlags, addStageFlags } from "../plan/flags.ts";
import { optionsOf } from "../plan/options.ts";
import type { Place, PlannedStage } from "../plan/plan.ts";
import { planAsIs } from "../plan/plans.ts";
import { type Flags, readRequest, withData } from "../plan/session.ts";
import { stages } from "../stages/stages.ts";
import { askingWith, type Speaking } from "./command.ts";

/** `status`: what there is. */
export function addStatus(program: Command, speaking: Speaking): void {
  addStageFlags(addCommonFlags(program.command("status")), optionsOf(stages))
    .description("what is there, what is stale, and which component made it so")
    .action(async (flags: Flags) => {
      const read = await readRequest(stages, flags, askingWith(speaking, true));
      const { request, place } = await withData(read, () => Promise.resolve(null));
      const text = request.settings.has("data")
        ? await describeStatus(await planAsIs(request, place), place)
        : `run ${place.run}: nothing yet; npx zx pipeline.ts all starts it\n`;
      speaking.answer({ text, json: null });
    });
}

/** What is there, what is stale, and which component of its key made it so: a line a stage. */
async function describeStatus(plan: readonly PlannedStage[], place: Place): Promise<string> {
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
