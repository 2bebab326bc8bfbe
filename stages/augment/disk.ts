import { statfs } from "node:fs/promises";
import { unexpected } from "../../shared/errors.ts";

/** Bytes in the unit that a person reads: "812 MB", "5.13 GB". */
export function readable(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/**
 * Holds that a folder's disk has room.
 *
 * @throws PipelineError `engine` where it has not
 */
export async function needRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw unexpected("engine", {
    where: "augment",
    expected: `${readable(bytes)} of free disk for the views`,
    subject: folder,
    got: readable(bavail * bsize),
    hint: "take fewer --views, or free some (npx zx pipeline.ts gc)",
  });
}
