import { homedir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { cacheFolder } from "../../shared/cache.ts";

describe("the cache folder", () => {
  it("is where the platform keeps caches", () => {
    const home = (...names: string[]) => path.join(homedir(), ...names, "image-finetune");
    expect(cacheFolder({ XDG_CACHE_HOME: "/caches" }, "linux")).toBe(path.join("/caches", "image-finetune"));
    expect(cacheFolder({ XDG_CACHE_HOME: "" }, "linux")).toBe(home(".cache"));
    expect(cacheFolder({}, "darwin")).toBe(home(".cache"));
    expect(cacheFolder({ LOCALAPPDATA: "/local" }, "win32")).toBe(path.join("/local", "image-finetune"));
    expect(cacheFolder({}, "win32")).toBe(home("AppData", "Local"));
  });
});
