import type { Command } from "commander";
import { stat } from "node:fs/promises";
import { hostname } from "node:os";
import { addCommonFlags } from "../plan/flags.ts";
import { type Flags, readRequest } from "../plan/session.ts";
import { findManifest } from "../shared/artifacts/results.ts";
import type { Refs } from "../shared/artifacts/refs.ts";
import type { ObjectStore } from "../shared/artifacts/store.ts";
import type { Manifest } from "../shared/artifacts/types.ts";
import { isRunning } from "../shared/running.ts";
import { stages } from "../stages/stages.ts";
import { askingWith, type Speaking } from "./command.ts";

/** `gc`: what could be deleted, and deletes it. */
export function addGc(program: Command, speaking: Speaking): void {
  addCommonFlags(program.command("gc"))
    .description("list results on which no run stands; unfinished work is spared")
    .option("--delete", "delete them")
    .action(async (flags: Flags) => {
      const { place } = await readRequest(stages, flags, askingWith(speaking, true));
      const names = stages.map(({ name }) => name);
      const garbage = await findGarbage(names, place.store, place.refs);
      const deleted = flags["delete"] === true;
      if (deleted) await deleteGarbage(garbage, place.store);
      const objects = garbage.map(({ name, bytes }) => ({ name, bytes }));
      speaking.answer({ text: describeGarbage(garbage, deleted), json: { deleted, objects } });
    });
}

/** Something under `artifacts/` on which no run stands. */
export interface Garbage {
  readonly name: string;
  readonly bytes: number;
}

/**
 * What could be deleted: results on which no run stands, directly or through another result, their shards, and
 * workspaces of processes that are gone. Shards that no result lists are unfinished work and stay.
 *
 * @returns names in the order in which deleting them is safe: shards before the manifest that tells of them
 */
export async function findGarbage(
  stages: readonly string[],
  store: ObjectStore,
  refs: Refs,
): Promise<Garbage[]> {
  const manifests = await allManifests(stages, store);
  const live = await liveResults(stages, manifests, store, refs);
  const liveShards = new Set(
    [...live].flatMap(({ parts, shards }) => shards.map((shard) => `${parts.stage}/${shard.name}`)),
  );
  const garbage: Garbage[] = [];
  const seen = new Set<string>();
  for (const manifest of manifests.filter((each) => !live.has(each))) {
    const { stage } = manifest.parts;
    for (const shard of manifest.shards) {
      const name = `${stage}/${shard.name}`;
      if (liveShards.has(name) || seen.has(name)) continue;
      seen.add(name);
      garbage.push({ name: `${stage}/shards/${shard.name}.json`, bytes: 0 });
      garbage.push({ name: `${stage}/shards/${shard.name}.arrow`, bytes: shard.bytes });
    }
    garbage.push({
      name: `${stage}/${manifest.key}`,
      bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    });
  }
  return [...garbage, ...(await deadWorkspaces(store))];
}

async function allManifests(stages: readonly string[], store: ObjectStore): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const stage of stages)
    for (const key of await store.list(stage)) {
      const manifest = key === "shards" ? null : await findManifest(store, stage, key);
      if (manifest !== null) manifests.push(manifest);
    }
  return manifests;
}

async function liveResults(
  stages: readonly string[],
  manifests: readonly Manifest[],
  store: ObjectStore,
  refs: Refs,
): Promise<Set<Manifest>> {
  const byName = new Map(manifests.map((manifest) => [`${manifest.parts.stage}/${manifest.key}`, manifest]));
  const live = new Set<Manifest>();
  const keep = (stage: string, key: string): void => {
    const manifest = byName.get(`${stage}/${key}`);
    if (manifest === undefined || live.has(manifest)) return;
    live.add(manifest);
    for (const [input, inputKey] of Object.entries(manifest.results)) keep(input, inputKey);
  };
  for (const run of await refs.runs())
    for (const stage of stages) {
      const key = await refs.read(run, stage);
      if (key !== null) keep(stage, key);
    }
  return live;
}

/** Workspaces are named `<stage>-<host>-<pid>-<random>`; only this machine's processes can be asked after. */
async function deadWorkspaces(store: ObjectStore): Promise<Garbage[]> {
  const garbage: Garbage[] = [];
  for (const name of await store.list("work")) {
    const pid = new RegExp(`-${hostname().replace(/[^\w-]/g, "\\$&")}-(\\d+)-[^-]+$`).exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const { size } = await stat(store.path(`work/${name}`));
    garbage.push({ name: `work/${name}`, bytes: size });
  }
  return garbage;
}

/** Deletes what `findGarbage` found, in its order. */
export async function deleteGarbage(garbage: readonly Garbage[], store: ObjectStore): Promise<void> {
  for (const { name } of garbage) await store.remove(name);
}

/** The list as it is printed, with what it would free. */
export function describeGarbage(garbage: readonly Garbage[], deleted: boolean): string {
  const bytes = garbage.reduce((sum, each) => sum + each.bytes, 0);
  const lines = garbage
    .filter(({ name }) => !name.endsWith(".json"))
    .map((each) => `  ${each.name}  ${(each.bytes / 1e6).toFixed(1)} MB\n`);
  const end = deleted ? "deleted" : "could be deleted: the same command with --delete does it";
  return `${lines.join("")}${String(lines.length)} objects, ${(bytes / 1e6).toFixed(1)} MB, ${end}\n`;
}
