import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";

/** What a manifest says of a file: its length and the sha256 of its bytes, hexadecimal. */
export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

/** A new file that is hashed while it is written, so that nobody reads it again for its digest. */
export interface DigestingFile {
  /** Writes all of `bytes` at the end before it returns. */
  write(bytes: Uint8Array): void;
  /** Closes the file. */
  finish(): FileDigest;
  /** Closes the file without a digest; twice, or after `finish`, does nothing. */
  readonly abandon: () => void;
}

/** Creates the file, or empties the one that is there. */
export function createDigestingFile(path: string): DigestingFile {
  const file = openSync(path, "w");
  const hash = createHash("sha256");
  let bytes = 0;
  let open = true;
  const close = () => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    write(chunk) {
      for (let done = 0; done < chunk.byteLength;) done += writeSync(file, chunk, done);
      hash.update(chunk);
      bytes += chunk.byteLength;
    },
    finish() {
      close();
      return { bytes, sha256: hash.digest("hex") };
    },
    abandon: close,
  };
}

const chunkBytes = 8 << 20;

/** The digest of a file of any length, 16 MiB of it in memory: one chunk is read while the one before is hashed. */
export async function digestOf(path: string): Promise<FileDigest> {
  const file = await open(path);
  try {
    const hash = createHash("sha256");
    let [current, next] = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)];
    let bytes = 0;
    let { bytesRead } = await file.read(current, 0, chunkBytes, 0);
    while (bytesRead > 0) {
      bytes += bytesRead;
      const reading = file.read(next, 0, chunkBytes, bytes);
      hash.update(current.subarray(0, bytesRead));
      ({ bytesRead } = await reading);
      [current, next] = [next, current];
    }
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    await file.close();
  }
}
