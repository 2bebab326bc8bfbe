import path from "node:path";
import { heldRows, planRows } from "../../shared/arrow/held-rows.ts";
import { versionsOf } from "../../shared/libraries.ts";
import { shareOf } from "../../shared/part.ts";
import type { StageContext, StageResult } from "../../shared/stage.ts";
import { version, type AugmentConfig } from "./config.ts";
import { needRoom, readable } from "./disk.ts";
import type { ShardTask } from "./make-shard.ts";
import { photosFolder, readPhotoList, type PhotoList } from "./photo-list.ts";
import { derivationDigest, planShards, rowBytes, type PlannedShard } from "./plan.ts";
import { inPool } from "./pool.ts";
import { viewConfig } from "./settings.ts";

/**
 * Every photo decoded once and warped into its views, shard by shard; finished shards are left as
 * they are.
 */
export async function run(context: StageContext<AugmentConfig>): Promise<StageResult | null> {
  const { config, inputs, shards, part } = context;
  const index = inputs["index"];
  if (index === undefined) throw new Error("augment reads index");
  const photos = await readPhotoList(index);
  const view = viewConfig(config);
  const derivation = derivationDigest({
    version,
    seed: config.augmentSeed,
    view,
    background: config.background,
    libraries: versionsOf(["sharp", "libheif-js"]),
  });
  const plan = planShards(derivation, photos, config.views, view.inputSize);
  const todo: PlannedShard[] = [];
  for (const shard of shareOf(plan, part)) if (!(await shards.has(shard.key))) todo.push(shard);
  const figures = todo.length === 0 ? {} : await makeShards(todo, derivation, photos, context);
  for (const { key } of plan) if (!(await shards.has(key))) return null;
  return {
    files: [],
    shards: plan.map(({ key }) => key),
    facts: {
      views: config.views + 1,
      shape: [view.inputSize, view.inputSize, 3],
      photos: { all: photos.all.length, clean: photos.clean.length },
      derivation,
      preprocessing: {
        resize: view.resize,
        crop: view.inputSize,
        interpolation: "bilinear",
        channels: "RGB",
        background: config.background,
      },
    },
    figures,
  };
}

async function makeShards(
  todo: readonly PlannedShard[],
  derivation: string,
  { paths }: PhotoList,
  context: StageContext<AugmentConfig>,
) {
  const { config, shards, workers, workspace, progress, signal } = context;
  const view = viewConfig(config);
  const folder = await photosFolder(config.data);
  const rows = todo.reduce((sum, { photos, views }) => sum + photos.length * views.length, 0);
  const bytes = rows * rowBytes(view.inputSize);
  progress.line(`${rows} views in ${todo.length} shards, ${readable(bytes)} on disk`);
  await needRoom(workspace, bytes);

  const held = heldRows(await shards.recordsOf(derivation));
  const tasks = todo.map(({ key, photos, views }) => ({
    key,
    photos,
    views,
    paths: photos.map((photo) => paths[photo] ?? ""),
    folder,
    rows: planRows(photos, views, held),
    shards: path.dirname(shards.path("any")),
    seed: config.augmentSeed,
    config: view,
    background: config.background,
    file: path.join(workspace, key),
  }));
  const bar = progress.bar("warping", missingRows(tasks), "views");
  const started = performance.now();
  let warped = 0;
  await inPool(
    tasks,
    {
      workers,
      signal,
      warped: (views) => {
        bar.advance(views);
      },
    },
    async ({ key, photos, views, file }, made) => {
      await shards.put(file, { key, derivation, photos, views, bytes: made.bytes, sha256: made.sha256 });
      warped += made.warped;
    },
  );
  bar.done();
  progress.line(`warped ${count(warped)} views, copied ${count(rows - warped)}`);
  const seconds = (performance.now() - started) / 1000;
  return { warped, copied: rows - warped, units: warped, unitsPerSecond: warped / seconds };
}

function missingRows(tasks: readonly ShardTask[]): number {
  return tasks.reduce((sum, { rows }) => sum + rows.missing.length, 0);
}

function count(n: number): string {
  return n.toLocaleString("en");
}
