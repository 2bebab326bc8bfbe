import path from "node:path";
import { newArena } from "../../../shared/image/arena.ts";
import { pixelRoom } from "../../../shared/image/pixel-room.ts";
import { type AskedPixels, pixelsOf, type PixelsWanted } from "../../../shared/predictor/photo-pixels.ts";
import { answerQuestions } from "../../../shared/supervised/answer-questions.ts";

/** Reads photos, and dies as decoders do of those whose name says so. */
const wanted = JSON.parse(process.argv[2] ?? "") as PixelsWanted;
const workplace = { arena: newArena(), room: pixelRoom(64_000_000) };

answerQuestions((asked: AskedPixels) => {
  if (typeof asked.source === "string" && path.basename(asked.source).startsWith("kill"))
    process.kill(process.pid, "SIGKILL");
  return pixelsOf(asked, wanted, workplace);
});
