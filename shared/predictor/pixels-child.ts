import { newArena } from "../image/arena.ts";
import { useHeicThreads } from "../image/heic-threads.ts";
import { pixelRoom } from "../image/pixel-room.ts";
import { prepareSharp } from "../image/prepare-sharp.ts";
import { answerQuestions } from "../supervised/answer-questions.ts";
import { type AskedPixels, pixelsOf, type PixelsWanted } from "./photo-pixels.ts";

/**
 * The process that reads photos for a predictor: a file that kills the decoder harms nobody's
 * program.
 */

/** What the parent says on the command line. */
export interface ChildSetup extends PixelsWanted {
  readonly threads: number;
}

const { threads, ...wanted } = JSON.parse(process.argv[2] ?? "") as ChildSetup;
const workplace = { arena: newArena(), room: pixelRoom(64_000_000) };

prepareSharp();
useHeicThreads(threads);
answerQuestions((asked: AskedPixels) => pixelsOf(asked, wanted, workplace));
