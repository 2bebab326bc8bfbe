import { digestOf } from "../../shared/artifacts/key.ts";
import type { ViewConfig } from "../../shared/image/view.ts";

/** Which photos get which views. */
export interface PhotoLists {
  /** sha256s of the photos that get all views, sorted */
  readonly all: readonly string[];
  /** sha256s of those that get the clean view only, sorted */
  readonly clean: readonly string[];
}

/** A pixel shard to be. */
export interface PlannedShard {
  readonly key: string;
  readonly photos: readonly string[];
  readonly views: readonly number[];
}

/**
 * What decides the pixels of a row (photo, view); the number of views is not among it, so that rows
 * can be copied.
 */
export interface Derivation {
  readonly version: number;
  readonly seed: number;
  readonly view: ViewConfig;
  /** what transparent photos are drawn on */
  readonly background: string;
  /** versions of the libraries that decode */
  readonly libraries: Readonly<Record<string, string>>;
}

/** The digest under which rows of shards can be copied. */
export function derivationDigest({ version, seed, view, background, libraries }: Derivation): string {
  const jitter = { ...view.jitter };
  return digestOf({ stage: "augment", version, seed, view: { ...view, jitter }, background, libraries });
}

/** The bytes of one row of pixels. */
export function rowBytes(side: number): number {
  return side * side * 3;
}

const shardBytes = 48 * 1024 * 1024;

/** Photos of a shard: about 48 MiB of pixels, at least 8 and at most 256. */
export function photosPerShard(views: number, side: number): number {
  return Math.min(256, Math.max(8, Math.floor(shardBytes / (views * rowBytes(side)))));
}

/**
 * The shards of a result: photos in order of their sha256, cut by number; first those with views 0
 * to `views`, then those with view 0 alone. A function of its arguments, so that every part and
 * every restart has the same plan.
 */
export function planShards(
  derivation: string,
  { all, clean }: PhotoLists,
  views: number,
  side: number,
): PlannedShard[] {
  const every = Array.from({ length: views + 1 }, (_, view) => view);
  return [...shardsOf(derivation, all, every, side), ...shardsOf(derivation, clean, [0], side)];
}

function shardsOf(derivation: string, photos: readonly string[], views: readonly number[], side: number) {
  const count = photosPerShard(views.length, side);
  const sorted = [...photos].sort();
  return Array.from({ length: Math.ceil(sorted.length / count) }, (_, i): PlannedShard => {
    const own = sorted.slice(i * count, (i + 1) * count);
    return { key: digestOf({ derivation, photos: own, views }), photos: own, views };
  });
}
