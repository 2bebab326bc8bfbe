import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";

/** A text file in the making: it is there whole or not at all. */
export interface NewFile {
  write(text: string): Promise<void>;
  /** Gives it its name; what had that before is gone. */
  finish(): Promise<void>;
  /** Leaves nothing behind, unless it is finished. */
  abandon(): Promise<void>;
}

/** Begins a file, and the folder that it lies in. */
export async function newFile(file: string): Promise<NewFile> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  const handle = await open(temporary, "wx");
  return {
    async write(text) {
      await handle.writeFile(text);
    },
    async finish() {
      await handle.sync();
      await handle.close();
      await rename(temporary, file);
    },
    async abandon() {
      await handle.close().catch(() => undefined); // it is closed where it is finished
      await rm(temporary, { force: true });
    },
  };
}
