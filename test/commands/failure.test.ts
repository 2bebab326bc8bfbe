import { readFileSync, rmSync } from "node:fs";
import { Command } from "commander";
import { expect, test } from "vitest";
import { failureOf } from "../../commands/failure.ts";
import { newProgram } from "../../plan/flags.ts";
import { PipelineError } from "../../shared/errors.ts";

const program = () => {
  const made = newProgram().configureOutput({ writeOut: () => undefined });
  made.command("train").option("--sweep <values>").option("--lr <number>");
  made.command("embed").option("--part <i/N>");
  made.command("runs").argument("[names...]");
  return made;
};

/** What the command line says of its own words. */
async function failureFor(...words: string[]) {
  const made = program();
  const thrown: unknown = await made.parseAsync(words, { from: "user" }).then(
    () => null,
    (error: unknown) => error,
  );
  return failureOf(thrown, made, words);
}

test("a mistyped command or flag is answered with the nearest one", async () => {
  expect(await failureFor("trian")).toMatchObject({ code: "usage", exitStatus: 2 });
  expect((await failureFor("trian"))?.message).toMatch(/did you mean train\?/);
  expect((await failureFor("train", "--swep", "1"))?.message).toMatch(/did you mean --sweep\?.*train --help/);
});

test("a flag of another command is answered with whose it is", async () => {
  expect((await failureFor("train", "--part", "1/2"))?.message).toContain("it is a flag of embed");
});

test("a word too many is told apart from an unknown command", async () => {
  expect((await failureFor("train", "photos"))?.message).toMatch(
    /^pipeline: expected flags alone for "train" but got words that no flag takes/,
  );
});

test("two voices at once are refused", async () => {
  expect((await failureFor("train", "--quiet", "--verbose"))?.message).toContain("cannot be used with");
});

test("help is no failure", () => {
  expect(failureOf(new PipelineError("data", "x"), new Command(), [])).not.toBeNull();
  return expect(failureFor("help", "train").catch(() => null)).resolves.toBeNull();
});

test("what is stopped says so, and a user's mistake keeps its own words", () => {
  expect(failureOf(new PipelineError("interrupted", ""), program(), [])).toEqual({
    code: "interrupted",
    message: "pipeline: stopped; finished work is kept",
    exitStatus: 130,
  });
  expect(failureOf(new PipelineError("data", "index: no"), program(), [])).toEqual({
    code: "data",
    message: "index: no",
    exitStatus: 3,
  });
});

test("a defect is one line, and a file with the stack and the command line", () => {
  const failure = failureOf(new TypeError("x is not a function"), program(), ["train", "--lr", "1"]);
  expect(failure).toMatchObject({ code: "defect", exitStatus: 1 });
  const [said, remedy = ""] = failure?.message.split("\n") ?? [];
  expect(said).toBe("pipeline: a defect of this tool, not of your photos or settings: x is not a function");
  const file = /with (\S+)$/.exec(remedy)?.[1] ?? "";
  expect(readFileSync(file, "utf8")).toMatch(
    /^pipeline\.ts train --lr 1\nNode v.*\nTypeError: x[^]*failure\.test/,
  );
  rmSync(file);
});
