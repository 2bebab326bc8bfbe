import { type Answered, type Asked, ready } from "./messages.ts";

/**
 * Makes this process one that `supervised` asks: called once, by the module that it runs.
 *
 * @param answer to what the parent asks, several questions at once; where it rejects, the process ends and its question is the one that did it
 */
export function answerQuestions(answer: (question: never) => Promise<unknown>): void {
  const say = (message: Answered<unknown> | typeof ready) => process.send?.(message);
  // Ctrl-C reaches the whole process group; the parent decides what it means.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => undefined);
  // Work that hangs would hold up an orderly exit.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  process.on("message", ({ number, question }: Asked<never>) => {
    void answer(question).then((answer) => say({ number, answer }));
  });
  say(ready);
}
