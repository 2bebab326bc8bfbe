import type { Pool } from "../pool.ts";
import { decodeHeic } from "./heic.ts";
import type { RawPixels } from "./raw-pixels.ts";

let threads = 0;
let pool: Promise<Pool<Uint8Array, RawPixels>> | null = null;

/**
 * Has this process decode HEIC photos in so many threads of its own, started for the first of them:
 * WebAssembly would hold up its one thread for a second a photo, while sharp decodes other formats
 * beside it. Without this call they are decoded where they are asked for.
 */
export function useHeicThreads(count: number): void {
  threads = count;
}

/** Decodes a HEIC photo (heic.ts). */
export async function decodedHeic(bytes: Uint8Array): Promise<RawPixels> {
  if (threads === 0) return decodeHeic(bytes);
  pool ??= started();
  return (await pool).run(bytes);
}

async function started(): Promise<Pool<Uint8Array, RawPixels>> {
  // Loaded here, as most sets of photos never need it.
  const { openPool } = await import("../pool.ts");
  const worker = new URL("./heic-thread.ts", import.meta.url);
  return openPool({ stage: "decode", worker, threads, setup: null, signal: new AbortController().signal });
}
