import { afterEach, describe, expect, it, vi } from "vitest";
import { setupTensorflow } from "../../commands/setup.ts";
import type { Progress } from "../../shared/progress.ts";
import { persistentFiles } from "../folder.ts";

const at = persistentFiles();
const never = new AbortController().signal;
const silent: Progress = {
  line: () => undefined,
  bar: () => ({ advance: () => undefined, done: () => undefined }),
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.skipIf(process.platform !== "linux")("setup tensorflow", () => {
  it("names the tool that is not there, and what brings it", async () => {
    vi.stubEnv("XDG_CACHE_HOME", at("cache"));
    vi.stubEnv("PYTHON", at("no-python"));
    const setup = setupTensorflow({ cuda: false }, silent, never);
    await expect(setup).rejects.toMatchObject({ code: "engine" });
    await expect(setup).rejects.toThrow(/^setup: expected Python 3 for ".*" but got none\n.*apt-get install/);
  });

  it("stops on Ctrl-C", async () => {
    vi.stubEnv("XDG_CACHE_HOME", at("interrupted"));
    const setup = setupTensorflow({ cuda: false }, silent, AbortSignal.abort());
    await expect(setup).rejects.toMatchObject({ code: "interrupted" });
  });
});
