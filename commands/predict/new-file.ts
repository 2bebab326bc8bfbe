import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { codeOf } from "../../shared/artifacts/store.ts";
import { unexpected } from "../../shared/errors.ts";

/** A text file in the making: it is there whole or not at all. */
export interface NewFile {
  write(text: string): Promise<void>;
  /** Gives it its name; what had that before is gone. */
  finish(): Promise<void>;
  /** Leaves nothing behind, unless it is finished. */
  abandon(): Promise<void>;
}

/**
 * Begins a file, and the folder that it lies in.
 *
 * @throws PipelineError `usage` where it cannot be written
 */
export async function newFile(file: string): Promise<NewFile> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  const handle = await begun(file, temporary);
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

async function begun(file: string, temporary: string): Promise<FileHandle> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    return await open(temporary, "wx");
  } catch (cause) {
    if (codeOf(cause) === undefined) throw cause;
    throw unexpected("usage", {
      where: "predict",
      expected: "a file that can be written",
      subject: `--out ${file}`,
      got: (cause as Error).message.replace(/, \w+ '.*$/, ""),
      hint: "--out FILE in a folder of your own; without it the answers are printed",
      cause,
    });
  }
}
