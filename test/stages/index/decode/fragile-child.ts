import { appendFileSync, existsSync } from "node:fs";
import { ready, type Question } from "../../../../stages/index/decode/messages.ts";

/** A child that opens nothing and fails as decoders do: by the name of the file. */
const journal = process.argv[2] ?? "";

process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("message", ({ number, file }: Question) => {
  if (file.startsWith("kill")) process.kill(process.pid, "SIGKILL");
  if (file.startsWith("exit")) {
    process.stderr.write("double free or corruption\n", () => process.exit(3));
    return;
  }
  if (file === "hang") return;
  if (file === "once" && !existsSync(journal)) {
    appendFileSync(journal, "once\n");
    process.kill(process.pid, "SIGKILL");
  }
  if (file === "tell") appendFileSync(journal, String(process.pid));
  process.send?.({ number, outcome: { kind: "opened", verdict: { width: 1, height: 1 } } });
});
process.send?.(ready);
