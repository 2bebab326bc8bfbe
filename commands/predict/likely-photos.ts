import { open, stat } from "node:fs/promises";
import path from "node:path";
import { formatEndings, startsAsPhoto } from "../../shared/image/signature.ts";
import type { AskedPhoto } from "./photos.ts";

const photoEndings = new Set(Object.values(formatEndings).flat());

/** Those whose name or first bytes are a photo's, in their order. */
export async function likelyPhotos(photos: readonly AskedPhoto[]): Promise<AskedPhoto[]> {
  const likely: AskedPhoto[] = [];
  for (const photo of photos)
    if (photoEndings.has(endingOf(photo.file)) || (await startsLikeOne(photo))) likely.push(photo);
  return likely;
}

function endingOf(file: string): string {
  return path.extname(file).slice(1).toLowerCase();
}

async function startsLikeOne({ file, unreadable }: AskedPhoto): Promise<boolean> {
  // Opening a pipe waits until somebody writes into it.
  const isFile = await stat(file).then(
    (there) => there.isFile(),
    () => false,
  );
  if (unreadable !== undefined || !isFile) return false;
  const handle = await open(file).catch(() => null);
  if (handle === null) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return startsAsPhoto(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
