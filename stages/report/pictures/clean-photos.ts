import { openShard } from "../../../shared/arrow/shard.ts";
import type { Artifact } from "../../../shared/artifacts/types.ts";

/** Pixels of a photo's clean view: RGB, row after row. */
export interface CleanPhoto {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  /** on the shard's memory */
  readonly pixels: Uint8Array;
}

/**
 * The clean views of some photos, a shard at a time, in the order of the shards. They come from the result, not from the photos'
 * folder, which may have moved meanwhile; shards that hold none of the photos are not read.
 */
export async function* cleanPhotos(
  augment: Artifact,
  wanted: ReadonlySet<string>,
): AsyncGenerator<readonly CleanPhoto[]> {
  for (const { name } of augment.manifest.shards) {
    const shard = await openShard(augment.shard(name));
    try {
      if (!shard.photos.some((sha256) => wanted.has(sha256))) continue;
      const [height = 0, width = 0, channels = 0] = shard.shape;
      const size = height * width * channels;
      const rows = (await shard.view(shard.views.indexOf(0))) as Uint8Array;
      yield shard.photos.flatMap((sha256, i) =>
        wanted.has(sha256)
          ? [{ sha256, width, height, pixels: rows.subarray(i * size, (i + 1) * size) }]
          : [],
      );
    } finally {
      await shard.close();
    }
  }
}
