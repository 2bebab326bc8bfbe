import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { shardStore } from "../../../shared/artifacts/shards.ts";
import { folderStore } from "../../../shared/artifacts/store.ts";
import type { Artifact, ShardStore } from "../../../shared/artifacts/types.ts";
import type { Part } from "../../../shared/part.ts";
import type { StageResult } from "../../../shared/stage.ts";
import { config } from "../../../stages/augment/config.ts";
import type { PhotoList } from "../../../stages/augment/photo-list.ts";
import { run } from "../../../stages/augment/run.ts";
import { picture } from "../../shared/image/picture.ts";
import { noCheckpoints } from "../checkpoints.ts";

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Writes `count` small PNGs, each another one, and lists them as the index does. */
export async function photoSet(folder: string, count: number, clean = 0): Promise<PhotoList> {
  const paths: Record<string, string> = {};
  for (let i = 0; i < count + clean; i++) {
    const { data, width, height } = picture(20 + (i % 7), 24);
    data.set([i & 255, i >> 8, 1]);
    const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    writeFileSync(path.join(folder, `${i}.png`), bytes);
    paths[sha256Of(bytes)] = `${i}.png`;
  }
  const names = Object.keys(paths);
  return { all: names.slice(0, count).sort(), clean: names.slice(count).sort(), paths };
}

export interface Settings {
  readonly views?: number;
  readonly workers?: number;
  readonly part?: Part;
  readonly signal?: AbortSignal;
}

export interface Run {
  readonly result: StageResult | null;
  readonly shards: ShardStore;
  /** what the run said, line by line */
  readonly lines: readonly string[];
}

/** Runs the stage on listed photos, views of 8 × 8 pixels, with its artifacts under `root`. */
export async function runAugment(
  root: string,
  data: string,
  photos: PhotoList,
  settings: Settings,
): Promise<Run> {
  const { views = 1, workers = 1, part = null, signal = new AbortController().signal } = settings;
  const workspace = path.join(root, "work");
  mkdirSync(workspace, { recursive: true });
  writeFileSync(path.join(root, "photos.json"), JSON.stringify(photos));
  const index = { file: (name: string) => path.join(root, name) } as unknown as Artifact;
  const shards = shardStore(folderStore(root), "augment");
  const lines: string[] = [];
  const result = await run({
    config: config.parse({ data, views, inputSize: 8 }),
    key: "test",
    source: null,
    inputs: { index },
    shards,
    finished: () => Promise.reject(new Error("there are no other results")),
    defaults: {},
    checkpoints: noCheckpoints,
    workspace,
    cache: root,
    workers,
    part,
    progress: {
      line: (text) => void lines.push(text),
      bar: () => ({ advance: () => undefined, done: () => undefined }),
    },
    signal,
  });
  return { result, shards, lines };
}

/** The digests of a result's shards, in order, read from the files themselves. */
export function digestsOf({ result, shards }: Run): string[] {
  return (result?.shards ?? []).map((key) => sha256Of(readFileSync(shards.path(key))));
}
