import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { isRunning } from "../shared/running.ts";

/**
 * Makes a folder that is there whole or not at all: `make` fills `content` of a temporary folder beside it (and may use the
 * rest of that as it likes), which then takes the folder's name. What was there before goes; temporary folders of
 * processes that were killed go too.
 */
export async function makeFolder(
  folder: string,
  make: (content: string, temporary: string) => Promise<void>,
): Promise<void> {
  await removeLeftovers(folder);
  const temporary = `${folder}.${process.pid}.tmp`;
  const content = path.join(temporary, "content");
  try {
    await mkdir(content, { recursive: true });
    await make(content, temporary);
    await rm(folder, { recursive: true, force: true });
    await rename(content, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  const { dir, base } = path.parse(folder);
  await mkdir(dir, { recursive: true });
  for (const name of await readdir(dir)) {
    const ending = name.startsWith(base) ? name.slice(base.length) : "";
    const owner = /^\.(\d+)\.tmp$/.exec(ending)?.[1];
    if (owner !== undefined && !isRunning(Number(owner)))
      await rm(path.join(dir, name), { recursive: true, force: true });
  }
}
