import type { Command } from "commander";
import { stat } from "node:fs/promises";
import Table from "cli-table3";
import type { Json, Manifest } from "../shared/artifacts/types.ts";
import { type Look, lookWith } from "../shared/voice.ts";
import { addCommonFlags, addStageFlags } from "../plan/flags.ts";
import { optionsOf } from "../plan/options.ts";
import type { Place, PlannedStage } from "../plan/plan.ts";
import { planAsIs } from "../plan/plans.ts";
import { type Flags, readRequest, withData } from "../plan/session.ts";
import { stages } from "../stages/stages.ts";
import { type Answer, askingWith, type Speaking } from "./command.ts";

/** `status`: what there is. */
export function addStatus(program: Command, speaking: Speaking): void {
  addStageFlags(addCommonFlags(program.command("status")), optionsOf(stages))
    .description("what is there, what is stale, and which component made it so")
    .action(async (flags: Flags) => {
      const read = await readRequest(stages, flags, askingWith(speaking, true));
      const { request, place } = await withData(read, () => Promise.resolve(null));
      speaking.answer(
        request.settings.has("data")
          ? await statusOf(await planAsIs(request, place), place, lookWith(speaking.voice.colours.answers))
          : {
              text: `run ${place.run}: nothing yet; npx zx pipeline.ts all starts it\n`,
              json: { run: place.run, stages: [] },
            },
      );
    });
}

/** What is there, what is stale, and which component of its key made it so: a line a stage. */
async function statusOf(plan: readonly PlannedStage[], place: Place, look: Look): Promise<Answer> {
  const table = new Table({
    head: ["stage", "state", "key", "made", "size", "why"],
    style: { head: [], border: [] },
  });
  for (const planned of plan) {
    const { stage, state, current, reasons } = planned;
    table.push([
      stage.name,
      drawnWord(planned, look),
      current === null ? "" : current.key.slice(0, 12),
      current === null ? "" : (await madeAt(current, place)).slice(0, 16).replace("T", " "),
      current === null ? "" : sizeOf(current),
      state === "done" && current?.key === planned.key ? "" : reasons.join("\n"),
    ]);
  }
  return {
    text: `run ${place.run}\n${table.toString()}\n`,
    json: { run: place.run, stages: await Promise.all(plan.map((planned) => lineInJson(planned, place))) },
  };
}

async function lineInJson(planned: PlannedStage, place: Place): Promise<Json> {
  const { stage, key, current, reasons } = planned;
  return {
    ...{ stage: stage.name, state: wordFor(planned), reasons, key },
    current:
      current === null
        ? null
        : {
            key: current.key,
            made: await madeAt(current, place),
            bytes: bytesOf(current),
            facts: current.facts,
          },
  };
}

function drawnWord(planned: PlannedStage, look: Look): string {
  const word = wordFor(planned);
  if (planned.state === "left out") return word;
  return planned.state === "done" ? look.good(word) : look.remedy(word);
}

function wordFor({ state, key, current }: PlannedStage): string {
  if (state !== "done") return state;
  return current?.key === key ? "fresh" : "fresh, in another run";
}

async function madeAt({ parts, key }: Manifest, { store }: Place): Promise<string> {
  const { mtime } = await stat(store.path(`${parts.stage}/${key}/manifest.json`));
  return mtime.toISOString();
}

function bytesOf({ files, shards }: Manifest): number {
  return [...files, ...shards].reduce((sum, file) => sum + file.bytes, 0);
}

function sizeOf(manifest: Manifest): string {
  const bytes = bytesOf(manifest);
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(0)} MB`;
}
