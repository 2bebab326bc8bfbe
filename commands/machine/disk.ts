import { mkdtemp, rm, stat, statfs } from "node:fs/promises";
import path from "node:path";

/** Bytes that this user may still write where a folder is, or will be. */
export async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(await nearestFolder(folder));
  return bavail * bsize;
}

/**
 * Null, or why nothing can be written into a folder that is, or will be made, there. It is tried,
 * and nothing stays.
 */
export async function whyNotWritable(folder: string): Promise<string | null> {
  try {
    const there = await nearestFolder(folder);
    if (!(await stat(there)).isDirectory()) return `${there} is a file`;
    await rm(await mkdtemp(path.join(there, ".writable-")), { recursive: true });
    return null;
  } catch (error) {
    // Not the call and the name that was tried: "EACCES: permission denied, mkdtemp '…'".
    return error instanceof Error ? error.message.replace(/, \w+ '.*$/, "") : String(error);
  }
}

/** The folder, or of those above it the first that is there. */
async function nearestFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => null);
  const above = path.dirname(path.resolve(folder));
  return found !== null || above === folder ? folder : nearestFolder(above);
}
