import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ready, type Answer, type Outcome, type Question } from "./messages.ts";
import { openPhoto, prepareSharp } from "./open-photo.ts";
import { pixelRoom } from "./pixel-room.ts";

/**
 * The process that opens photos. A file that kills it, or keeps it busy for ever, harms no other process; its parent
 * (supervise.ts) finds out which file it was.
 */

const maxPixels = Number(process.argv[2]);
const room = pixelRoom(64_000_000);

async function outcomeOf({ file, sha256 }: Question): Promise<Outcome> {
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null || createHash("sha256").update(bytes).digest("hex") !== sha256)
    return { kind: "changed" };
  return { kind: "opened", verdict: await openPhoto(bytes, maxPixels, room) };
}

function say(message: Answer | typeof ready): void {
  process.send?.(message);
}

// Ctrl-C reaches the whole process group; the parent decides what it means.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
// A decoder that hangs would hold up an orderly exit.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("message", (question: Question) => {
  void outcomeOf(question).then((outcome) => {
    say({ number: question.number, outcome });
  });
});

prepareSharp();
say(ready);
