import { appendFileSync, existsSync } from "node:fs";
import { answerQuestions } from "../../../shared/supervised/answer-questions.ts";

/** A child that opens nothing and fails as decoders do: by the name of the file. */
const journal = process.argv[2] ?? "";

answerQuestions((file: string): Promise<string> => {
  if (file.startsWith("kill")) process.kill(process.pid, "SIGKILL");
  if (file.startsWith("exit")) {
    process.stderr.write("double free or corruption\n", () => process.exit(3));
    return new Promise(() => undefined);
  }
  if (file === "hang") return new Promise(() => undefined);
  if (file === "throw") return Promise.reject(new Error("of all things"));
  if (file === "once" && !existsSync(journal)) {
    appendFileSync(journal, "once\n");
    process.kill(process.pid, "SIGKILL");
  }
  if (file === "tell") appendFileSync(journal, String(process.pid));
  return Promise.resolve(`${file} opened`);
});
