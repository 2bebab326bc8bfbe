import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { Option } from "commander";
import { describe, expect, test } from "vitest";
import { bashCompletion } from "../../commands/completion/bash.ts";
import { fishCompletion } from "../../commands/completion/fish.ts";
import { commandsOf } from "../../commands/completion/tree.ts";
import { zshCompletion } from "../../commands/completion/zsh.ts";
import { addCommonFlags, addStageFlags, newProgram } from "../../plan/flags.ts";
import { optionsOf } from "../../plan/options.ts";
import { stages } from "../../stages/stages.ts";
import { temporaryFolder } from "../folder.ts";

const program = newProgram();
addStageFlags(addCommonFlags(program.command("all")), optionsOf(stages)).description("it's everything: all");
program.command("index").description("find photos").option("--part <i/N>");
program.command("gc").addOption(new Option("--how <way>").choices(["a b", "c"]));
const completed = { name: "ft", call: ["echo", "it's"], ...commandsOf(program) };

/** What bash offers for the last of these words. */
function offered(...words: string[]): string[] {
  const script = path.join(temporaryFolder(), "completion.bash");
  const quoted = words.map((word) => `'${word}'`).join(" ");
  writeFileSync(
    script,
    `${bashCompletion(completed)}\nCOMP_WORDS=(ft ${quoted}); COMP_CWORD=${words.length}\n` +
      `complete -p ft >/dev/null || exit 1\n_ft_completion\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`,
  );
  return execFileSync("bash", [script], { encoding: "utf8" }).trim().split("\n");
}

describe.skipIf(spawnSync("bash", ["--version"]).error !== undefined)("completion in bash", () => {
  test("commands, flags, and the choices of a flag", () => {
    expect(offered("a")).toEqual(["all"]);
    expect(offered("")).toEqual(["all", "index", "gc", "--version", "--json", "--quiet", "--verbose"]);
    expect(offered("all", "--eng")).toEqual(["--engine"]);
    expect(offered("all", "--engine", "")).toEqual(["auto", "cpu", "webgpu", "cuda", "tensorflow"]);
    expect(offered("--json", "all", "--class-weights", "b")).toEqual(["balanced"]);
  });

  test("a flag of another command is not offered; behind a path's or a number's nothing is, so that bash offers files", () => {
    expect(offered("gc", "--eng")).toEqual([""]);
    expect(offered("all", "--data", "")).toEqual([""]);
    expect(offered("all", "--lr", "")).toEqual([""]);
  });

  test("the function stands for the call", () => {
    const script = `${bashCompletion(completed)}\nft 'a  b' c`;
    expect(execFileSync("bash", ["-c", script], { encoding: "utf8" })).toBe("it's a  b c\n");
  });
});

/** A shell's own verdict on a script's syntax. */
function checked(shell: string, flag: string, script: string): string {
  const file = path.join(temporaryFolder(), `completion.${shell}`);
  writeFileSync(file, script);
  const { status, stderr } = spawnSync(shell, [flag, file], { encoding: "utf8" });
  return status === 0 ? "fine" : stderr;
}

describe.each([
  ["zsh", "-n", zshCompletion],
  ["fish", "--no-execute", fishCompletion],
] as const)("completion in %s", (shell, flag, completion) => {
  const script = completion(completed);

  test("knows every command and its flags", () => {
    expect(script).toContain("class-weights");
    expect(script).toMatch(/'?balanced'?/);
    expect(script).toContain("find photos");
  });

  test.skipIf(spawnSync(shell, ["--version"]).error !== undefined)(
    "is what the shell itself can read",
    () => {
      expect(checked(shell, flag, script)).toBe("fine");
    },
  );
});
