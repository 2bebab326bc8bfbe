import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { digestOf } from "../arrow/digest.ts";
import { unexpected } from "../errors.ts";
import { shardStore } from "./shards.ts";
import type { ObjectStore } from "./store.ts";
import { codeOf } from "./store.ts";
import type { Artifact, FileRecord, Manifest } from "./types.ts";

const manifestOf = (stage: string, key: string) => `${stage}/${key}/manifest.json`;

/** The manifest of a finished result; null where it is not finished. */
export async function findManifest(store: ObjectStore, stage: string, key: string): Promise<Manifest | null> {
  try {
    return JSON.parse(await readFile(store.path(manifestOf(stage, key)), "utf8")) as Manifest;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw unexpected("artifact", {
      where: stage,
      expected: "a readable manifest",
      subject: store.path(manifestOf(stage, key)),
      got: error instanceof Error ? error.message : String(error),
      hint: `delete ${path.dirname(store.path(manifestOf(stage, key)))} and run ${stage} again`,
      cause: error,
    });
  }
}

/** A finished result, opened for reading. */
export function artifactOf(store: ObjectStore, manifest: Manifest): Artifact {
  const { stage } = manifest.parts;
  return {
    manifest,
    file: (name) => store.path(`${stage}/${manifest.key}/${name}`),
    shard: (key) => store.path(`${stage}/shards/${key}.arrow`),
    shardRecords: () => Promise.all(manifest.shards.map(({ name }) => shardStore(store, stage).record(name))),
    async discardShard(key) {
      await store.remove(manifestOf(stage, manifest.key));
      await shardStore(store, stage).discard(key);
    },
  };
}

/** Keys of a stage's finished results. */
export async function finishedKeys(store: ObjectStore, stage: string): Promise<string[]> {
  const names = await store.list(stage);
  const finished = await Promise.all(names.map((key) => store.exists(manifestOf(stage, key))));
  return names.filter((_, i) => finished[i]);
}

/**
 * Moves a result's files from the workspace into the store, then its manifest: without it the
 * result does not count. Whoever comes second finds everything there and changes nothing.
 */
export async function finishResult(
  store: ObjectStore,
  workspace: string,
  result: Omit<Manifest, "files"> & { readonly files: readonly string[] },
): Promise<Manifest> {
  const { stage } = result.parts;
  const files = await Promise.all(result.files.map((name) => recorded(workspace, name)));
  const already = await findManifest(store, stage, result.key);
  if (already !== null) return already;
  for (const { name } of files) {
    const object = `${stage}/${result.key}/${name}`;
    // Without a manifest nothing vouches for a file of that name: a killed process left it.
    await store.remove(object);
    await store.put(object, path.join(workspace, name), { durable: true });
  }
  const manifest: Manifest = { ...result, files };
  const written = path.join(workspace, "manifest.json");
  await writeFile(written, `${JSON.stringify(manifest, null, 2)}\n`);
  await store.put(manifestOf(stage, result.key), written, { durable: true });
  return manifest;
}

async function recorded(workspace: string, name: string): Promise<FileRecord> {
  return { name, ...(await digestOf(path.join(workspace, name))) };
}
