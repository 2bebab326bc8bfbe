import { answering } from "../pool.ts";
import { decodeHeic } from "./heic.ts";
import type { RawPixels } from "./raw-pixels.ts";

/** Decodes one HEIC photo in a thread of the pool (heic-threads.ts). */
export default answering((bytes: Uint8Array): Promise<RawPixels> =>
  Promise.resolve().then(() => decodeHeic(bytes)),
);
