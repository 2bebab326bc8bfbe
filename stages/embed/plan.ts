import { digestOf } from "../../shared/artifacts/key.ts";
import type { MeanAndStd } from "../../shared/backbone/normalisations.ts";
import type { FileRecord, ShardRecord } from "../../shared/artifacts/types.ts";

/** An activation shard to be: the rows of one pixel shard, gone through the backbone. */
export interface PlannedShard {
  readonly key: string;
  readonly photos: readonly string[];
  readonly views: readonly number[];
  readonly pixels: FileRecord;
}

/** What makes the rows of an activation shard, the photos left out. */
export interface Derivation {
  readonly version: number;
  /** of the pixels' rows */
  readonly pixels: string;
  /**
   * sha256 of the backbone's files, what it is given of the pixels, and which of its nodes is kept
   */
  readonly backbone: string;
  readonly normalisation: MeanAndStd;
  readonly node: string;
  readonly engine: string;
  readonly device: string;
  /** name and version of the library that computes */
  readonly library: string;
}

/** The digest under which rows of shards can be copied. */
export function derivationDigest(derivation: Derivation): string {
  const { mean, std } = derivation.normalisation;
  return digestOf({ stage: "embed", ...derivation, normalisation: { mean, std } });
}

/**
 * The activation shards of a result, one for each pixel shard: known from its record, before
 * anything is computed.
 */
export function planShards(derivation: string, pixels: readonly ShardRecord[]): PlannedShard[] {
  return pixels.map(({ key, photos, views, bytes, sha256 }) => ({
    key: digestOf({ derivation, pixels: key }),
    photos,
    views,
    pixels: { name: key, bytes, sha256 },
  }));
}
