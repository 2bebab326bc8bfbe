import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { inParallel } from "../../../shared/parallel.ts";
import { type Outcome, type Supervised, supervised } from "../../../shared/supervised/supervised.ts";
import { processFlags } from "../../../shared/typescript.ts";
import { temporaryFolder } from "../../folder.ts";

interface Settings {
  readonly module?: URL;
  readonly patience?: number;
  readonly signal?: AbortSignal;
  readonly journal?: string;
}

/** A child that fails on some files. */
function fragile(settings: Settings = {}): Supervised<string, string> {
  const opening = supervised<string, string>({
    where: "index",
    module: settings.module ?? new URL("./fragile-child.ts", import.meta.url),
    argument: settings.journal ?? "",
    threads: 1,
    patience: settings.patience ?? 30_000,
    signal: settings.signal ?? new AbortController().signal,
  });
  onTestFinished(() => opening.close());
  return opening;
}

/** Has it open these, three at once, and returns what was said of each. */
async function outcomes(
  files: readonly string[],
  settings?: Settings,
): Promise<Record<string, Outcome<string>>> {
  const opening = fragile(settings);
  const said = await inParallel(files, 3, async (file) => [file, await opening.ask(file)] as const);
  return Object.fromEntries(said);
}

const fine = (file: string) => ({ kind: "answered", answer: `${file} opened` });

describe("a supervised process", { timeout: 60_000 }, () => {
  it("names the questions that kill it, and answers all others", async () => {
    const files = ["a", "b", "kill-1", "c", "kill-2", "d", "e", "f", "exit-3", "g", "throw"];
    const said = await outcomes(files);
    for (const file of ["a", "b", "c", "d", "e", "f", "g"]) expect(said[file]).toEqual(fine(file));
    for (const file of ["kill-1", "kill-2"]) expect(said[file]).toEqual({ kind: "crashed", end: "SIGKILL" });
    expect(said["exit-3"]).toEqual({ kind: "crashed", end: "exit status 3, double free or corruption" });
    expect(said["throw"]).toMatchObject({
      kind: "crashed",
      end: expect.stringMatching(/^exit status 1/) as string,
    });
  });

  it("finds a question that hangs", async () => {
    expect(await outcomes(["a", "hang", "b"], { patience: 1000 })).toEqual({
      ...{ a: fine("a"), b: fine("b") },
      hang: { kind: "crashed", end: "no answer in time" },
    });
  });

  it("blames no question where it dies by something else", async () => {
    const journal = path.join(temporaryFolder(), "journal");
    const said = await outcomes(["a", "once", "b"], { journal });
    expect(readFileSync(journal, "utf8")).toBe("once\n");
    expect(said).toEqual({ a: fine("a"), once: fine("once"), b: fine("b") });
  });

  it("waits for questions without losing its patience, and starts again where it has died meanwhile", async () => {
    const journal = path.join(temporaryFolder(), "journal");
    const opening = fragile({ patience: 1000, journal });
    expect(await opening.ask("tell")).toEqual(fine("tell"));
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const id = Number(readFileSync(journal, "utf8"));
    process.kill(id, "SIGKILL");
    await expect.poll(() => isThere(id), { timeout: 20_000 }).toBe(false);
    expect(await opening.ask("a")).toEqual(fine("a"));
  });

  it.each(["close", "forget"])(
    "keeps no program from ending that is to %s it, and ends with it",
    async (what) => {
      const journal = path.join(temporaryFolder(), "journal");
      const program = new URL("./asks-once.ts", import.meta.url);
      await promisify(execFile)(process.execPath, [...processFlags(), fileURLToPath(program), journal, what]);
      const id = Number(readFileSync(journal, "utf8"));
      expect(id).toBeGreaterThan(0);
      await expect.poll(() => isThere(id), { timeout: 20_000 }).toBe(false);
    },
  );

  it("says what is wrong where it does not start", async () => {
    const module = new URL("./no-such-child.ts", import.meta.url);
    await expect(outcomes(["a"], { module })).rejects.toThrow(/did not start/);
  });

  it.each(["interrupted", "closed"])("is killed when it is %s", async (how) => {
    const interruption = new AbortController();
    const journal = path.join(temporaryFolder(), "journal");
    const opening = fragile({ signal: interruption.signal, journal });
    const refused = expect(Promise.all([opening.ask("tell"), opening.ask("hang")])).rejects.toMatchObject({
      code: "interrupted",
    });
    await expect
      .poll(() => existsSync(journal) && readFileSync(journal, "utf8"), { timeout: 20_000 })
      .toMatch(/\d/);
    if (how === "closed") await opening.close();
    else interruption.abort();
    await refused;
    expect(isThere(Number(readFileSync(journal, "utf8")))).toBe(false);
    await expect(opening.ask("a")).rejects.toMatchObject({ code: "interrupted" });
  });
});

function isThere(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
