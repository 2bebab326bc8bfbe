import type { ObjectStore } from "./store.ts";
import type { Checkpoints } from "./types.ts";

/** Where a stage's checkpoints of one result lie: beside the finished ones. */
const folderOf = (stage: string, key: string) => `${stage}/unfinished/${key}`;

/** The checkpoints of one result in the making: objects named by their numbers, the newest of which is kept. */
export function checkpointsOf(store: ObjectStore, stage: string, key: string): Checkpoints {
  const folder = folderOf(stage, key);
  const numbers = async () => (await store.list(folder)).map(Number).sort((a, b) => b - a);
  return {
    async latest() {
      const [number] = await numbers();
      return number === undefined ? null : { number, path: store.path(`${folder}/${number}`) };
    },
    async put(number, file) {
      const before = await numbers();
      await store.put(`${folder}/${number}`, file, { durable: true });
      for (const old of before.filter((each) => each !== number)) await store.remove(`${folder}/${old}`);
    },
  };
}

/** What is finished needs none any more. */
export async function removeCheckpoints(store: ObjectStore, stage: string, key: string): Promise<void> {
  await store.remove(folderOf(stage, key));
}
