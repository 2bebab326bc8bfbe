import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { useHeicThreads } from "../../../shared/image/heic-threads.ts";
import { pixelRoom } from "../../../shared/image/pixel-room.ts";
import { prepareSharp } from "../../../shared/image/prepare-sharp.ts";
import { answerQuestions } from "../../../shared/supervised/answer-questions.ts";
import { openPhoto, type OpenOptions } from "./open-photo.ts";
import type { Found, ListedPhoto } from "./verdict.ts";

/**
 * The process that opens photos. A file that kills it, or keeps it busy for ever, harms no other
 * process; its parent finds out which file it was.
 */

/** What the parent says on the command line. */
export interface ChildSetup extends OpenOptions {
  readonly workers: number;
}

const { workers, ...options } = JSON.parse(process.argv[2] ?? "") as ChildSetup;
const room = pixelRoom(64_000_000);

prepareSharp();
useHeicThreads(workers);
answerQuestions(async ({ file, sha256 }: ListedPhoto): Promise<Found> => {
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null || createHash("sha256").update(bytes).digest("hex") !== sha256) return "changed";
  return openPhoto(bytes, options, room);
});
