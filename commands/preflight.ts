import { readdir, stat } from "node:fs/promises";
import { costed, costInAll } from "../plan/describe.ts";
import { isToDo, type Place, type PlannedStage } from "../plan/plan.ts";
import { unexpected } from "../shared/errors.ts";
import { limitsHere } from "../shared/limits.ts";
import { freeBytesAt, whyNotWritable } from "./machine/disk.ts";

/**
 * Bytes of memory below which no stage gets far: embed holds about 700 MiB (bench/memory.ts),
 * beside it runs its parent.
 */
export const memoryNeeded = 700 * 2 ** 20;

/**
 * For before anything is planned.
 *
 * @throws PipelineError `engine` where results could not be kept
 */
export async function expectWritable(root: string): Promise<void> {
  const why = await whyNotWritable(root);
  if (why === null) return;
  throw unexpected("engine", {
    where: "pipeline",
    expected: "a folder for results that can be written",
    subject: root,
    got: why,
    hint: "--artifacts FOLDER names another place",
  });
}

/**
 * For before a plan is carried out: whether disk and memory are enough for what is left to do.
 * Silent where they are.
 *
 * @throws PipelineError `engine` where they are not
 */
export async function expectRoom(plan: readonly PlannedStage[], place: Place): Promise<void> {
  const todo = plan.filter(isToDo);
  if (todo.length === 0) return;
  const root = place.store.path("");
  const free = await freeBytesAt(root);
  const needed = 1e9 * costInAll(await costed(plan, place)).gigabytes - (await keptBy(todo, place));
  if (needed > free)
    throw unexpected("engine", {
      where: "pipeline",
      expected: `${gigabytes(needed)} free for what these photos and settings make`,
      subject: root,
      got: gigabytes(free),
      hint: "--artifacts FOLDER names another disk; npx zx pipeline.ts gc frees what no run stands on; fewer --views take less",
    });
  const { memory } = limitsHere();
  if (memory < memoryNeeded)
    throw unexpected("engine", {
      where: "pipeline",
      expected: `about ${megabytes(memoryNeeded)} of free memory`,
      subject: "this machine",
      got: megabytes(memory),
      hint: "end other programs, or raise the container's limit",
    });
}

/**
 * Bytes of shards that are there for the stages to go on with. More than they will need, so that no
 * work is refused that would fit.
 */
async function keptBy(todo: readonly PlannedStage[], { store }: Place): Promise<number> {
  const sizes = todo.map(async ({ stage }) => {
    const folder = store.path(`${stage.name}/shards`);
    const names = await readdir(folder).catch(() => []);
    const files = await Promise.all(names.map((name) => stat(`${folder}/${name}`).catch(() => null)));
    return files.reduce((sum, file) => sum + (file?.size ?? 0), 0);
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
