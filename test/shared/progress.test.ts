import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { terminalProgress } from "../../shared/progress.ts";
import { plainVoice, type Voice } from "../../shared/voice.ts";

/** What a stage that speaks so writes to a stream that is no terminal. */
function said(voice: Voice): string {
  const output = new PassThrough();
  const progress = terminalProgress("embed", voice, output as unknown as NodeJS.WriteStream);
  progress.line("a line");
  const bar = progress.bar("embedding", 3, "views");
  bar.advance(3);
  bar.done();
  return String(output.read() ?? "");
}

test("a line begins with who speaks, and a bar that is not drawn ends in one line", () => {
  expect(said(plainVoice)).toMatch(/^embed: a line\nembed: embedding 3 views in \d+\.\d s \(\d+\/s\)\n$/);
});

test("a quiet voice says nothing", () => {
  expect(said({ ...plainVoice, quiet: true })).toBe("");
});

test("with colours the speaker is drawn, the text is not", () => {
  expect(said({ ...plainVoice, colours: { messages: true, answers: false } })).toContain(
    "\u001b[36membed:\u001b[39m a line\n",
  );
});
