export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What a stage's key is made of: kept in the manifest as data, so that two keys can be compared part by part. */
export interface KeyParts {
  readonly stage: string;
  readonly version: number;
  readonly config: Readonly<Record<string, Json>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly libraries: Readonly<Record<string, string>>;
  /** what was read from outside the store (the index: the photos' rows) */
  readonly source: Json;
}

/** A file with its digest. */
export interface FileRecord {
  readonly name: string;
  readonly bytes: number;
  /** of the file's bytes, hexadecimal */
  readonly sha256: string;
}

/** A finished result: immutable, written last. */
export interface Manifest {
  readonly key: string;
  readonly parts: KeyParts;
  /** the whole config of the run, also what the key leaves out */
  readonly config: Readonly<Record<string, Json>>;
  /** keys of the named outputs ("photos", "labels"); most stages have none */
  readonly outputs: Readonly<Record<string, string>>;
  /** keys of the results that were read, by stage */
  readonly results: Readonly<Record<string, string>>;
  readonly files: readonly FileRecord[];
  readonly shards: readonly FileRecord[];
  readonly facts: Readonly<Record<string, Json>>;
}

/** A finished result as a stage reads it: the manifest, and where its files and shards lie. */
export interface Artifact {
  readonly manifest: Manifest;
  /** the path of a file of the result */
  file(name: string): string;
  /** the path of a shard of the result */
  shard(key: string): string;
  /** the records of the result's shards, in order */
  shardRecords(): Promise<ShardRecord[]>;
  /** Takes a damaged shard out, and with it the manifest, so that the next run of the stage makes that shard anew. */
  discardShard(key: string): Promise<void>;
}

/** Beside each shard: what it holds and its digest. Written after the shard; without it the shard does not count. */
export interface ShardRecord {
  readonly key: string;
  /** digest of what made its rows, the photos left out: rows of shards with the same derivation can be copied */
  readonly derivation: string;
  /** sha256 of each photo, in row order within a view */
  readonly photos: readonly string[];
  /** numbers of the views, one record batch each, in this order */
  readonly views: readonly number[];
  readonly bytes: number;
  readonly sha256: string;
}

/** The shards of one stage: immutable files named by their keys. */
export interface ShardStore {
  has(key: string): Promise<boolean>;
  record(key: string): Promise<ShardRecord>;
  /** records of all finished shards of one derivation */
  recordsOf(derivation: string): Promise<ShardRecord[]>;
  path(key: string): string;
  /** Moves a finished file into the store, its record after it; where a valid one is there, the first stays. */
  put(file: string, record: ShardRecord): Promise<void>;
  /** Takes a damaged shard out, so that the next run makes it anew. */
  discard(key: string): Promise<void>;
}

/** What a result in the making can be gone on with from, where its process was killed. Gone once it is finished. */
export interface Checkpoints {
  latest(): Promise<{ readonly number: number; readonly path: string } | null>;
  /** Moves a file in; those with other numbers are dropped after it. */
  put(number: number, file: string): Promise<void>;
}
