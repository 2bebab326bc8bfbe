import { newArena } from "../image/arena.ts";
import { pixelRoom } from "../image/pixel-room.ts";
import { prepareSharp } from "../image/prepare-sharp.ts";
import { answerQuestions } from "../supervised/answer-questions.ts";
import { type AskedPixels, pixelsOf, type PixelsWanted } from "./photo-pixels.ts";

/** The process that reads photos for a predictor: a file that kills the decoder harms nobody's program. */

const wanted = JSON.parse(process.argv[2] ?? "") as PixelsWanted;
const workplace = { arena: newArena(), room: pixelRoom(64_000_000) };

prepareSharp();
answerQuestions((asked: AskedPixels) => pixelsOf(asked, wanted, workplace));
