import { writeFile, readFile } from "node:fs/promises";
import type { ObjectStore } from "./store.ts";
import type { ShardRecord, ShardStore } from "./types.ts";

/** The shards of a stage, as `<stage>/shards/<key>.arrow` with the record `<key>.json` beside it, written last. */
export function shardStore(store: ObjectStore, stage: string): ShardStore {
  const folder = `${stage}/shards`;
  const data = (key: string) => `${folder}/${key}.arrow`;
  const recordName = (key: string) => `${folder}/${key}.json`;
  const record = async (key: string) =>
    JSON.parse(await readFile(store.path(recordName(key)), "utf8")) as ShardRecord;
  return {
    has: (key) => store.exists(recordName(key)),
    record,
    path: (key) => store.path(data(key)),
    async recordsOf(derivation) {
      const names = await store.list(folder);
      const keys = names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
      const records = await Promise.all(keys.map(record));
      return records.filter((each) => each.derivation === derivation);
    },
    async put(file, newRecord) {
      // A shard without a record is what a killed process left; its bytes were never vouched for.
      if (!(await store.exists(recordName(newRecord.key)))) await store.remove(data(newRecord.key));
      await store.put(data(newRecord.key), file);
      const written = `${file}.json`;
      await writeFile(written, JSON.stringify(newRecord));
      await store.put(recordName(newRecord.key), written);
    },
    async discard(key) {
      await store.remove(recordName(key));
      await store.remove(data(key));
    },
  };
}
