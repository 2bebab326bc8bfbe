import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { supervise } from "../../../../stages/index/decode/supervise.ts";
import type { Outcome, Question } from "../../../../stages/index/decode/messages.ts";
import { temporaryFolder } from "../photo-set.ts";

const child = new URL("./fragile-child.ts", import.meta.url);

/** Has a child that fails on some files open these, and returns what was said of each. */
async function outcomes(
  files: readonly string[],
  settings: { module?: URL; patience?: number; signal?: AbortSignal; journal?: string } = {},
) {
  const said = new Map<string, Outcome>();
  const times = new Map<string, number>();
  const questions = files.map((file, number): Question => ({ number, file, sha256: "" }));
  await supervise(questions, {
    module: settings.module ?? child,
    argument: settings.journal ?? "",
    threads: 1,
    inFlight: 3,
    patience: settings.patience ?? 30_000,
    signal: settings.signal ?? new AbortController().signal,
    answered({ file }, outcome) {
      said.set(file, outcome);
      times.set(file, (times.get(file) ?? 0) + 1);
    },
  });
  expect([...times.values()].every((count) => count === 1)).toBe(true);
  return said;
}

const fine = { kind: "opened", verdict: { width: 1, height: 1 } };

describe("the supervisor of the process that opens photos", { timeout: 30_000 }, () => {
  it("finds the photos that kill the process, and opens all others", async () => {
    const files = ["a", "b", "kill-1", "c", "kill-2", "d", "e", "f", "exit-3", "g"];
    const said = await outcomes(files);
    expect([...said.keys()].sort()).toEqual([...files].sort());
    for (const file of files) {
      const outcome = said.get(file);
      if (!file.includes("-")) expect(outcome, file).toEqual(fine);
      else expect(outcome, file).toMatchObject({ kind: "crashed" });
    }
    expect(said.get("kill-1")).toMatchObject({ verdict: { reason: "brings the decoder down: SIGKILL" } });
    expect(said.get("exit-3")).toMatchObject({
      verdict: { reason: expect.stringContaining("exit status 3, double free") as string },
    });
  });

  it("finds a photo that hangs", async () => {
    const said = await outcomes(["a", "hang", "b"], { patience: 1000 });
    expect(said.get("hang")).toEqual({
      kind: "crashed",
      verdict: { reason: "brings the decoder down: no answer in time" },
    });
    expect(said.get("a")).toEqual(fine);
    expect(said.get("b")).toEqual(fine);
  });

  it("blames no photo where the process dies by something else", async () => {
    const journal = path.join(await temporaryFolder(), "journal");
    const said = await outcomes(["a", "once", "b"], { journal });
    expect(readFileSync(journal, "utf8")).toBe("once\n");
    expect([...said.values()]).toEqual([fine, fine, fine]);
  });

  it("says what is wrong where the process does not start", async () => {
    const module = new URL("./no-such-child.ts", import.meta.url);
    await expect(outcomes(["a"], { module })).rejects.toThrow(/did not start/);
  });

  it("kills the process when it is interrupted", async () => {
    const interruption = new AbortController();
    const journal = path.join(await temporaryFolder(), "journal");
    const running = outcomes(["tell", "hang"], { signal: interruption.signal, journal });
    const refused = expect(running).rejects.toMatchObject({ code: "interrupted" });
    await expect
      .poll(() => existsSync(journal) && readFileSync(journal, "utf8"), { timeout: 20_000 })
      .toMatch(/\d/);
    const id = Number(readFileSync(journal, "utf8"));
    interruption.abort();
    await refused;
    expect(() => process.kill(id, 0)).toThrow(/ESRCH/);
  });
});
