import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { randomFor } from "../../shared/random.ts";
import { temporaryFolder } from "../folder.ts";
import {
  fewClothes,
  hasSharedPhotos,
  pipeline,
  shardTimes,
  shownFiles,
  startPipeline,
} from "./command-line.ts";

/** Small shards, so that there are several to be killed between. */
const flags = ["--views", "4", "--epochs", "3"];

describe.skipIf(!hasSharedPhotos)("work that is interrupted is not lost", () => {
  const mtime = (file: string) => statSync(file).mtimeMs;
  const all = (folder: string, data: string) => [
    "all",
    "--data",
    data,
    ...flags,
    "--artifacts",
    path.join(folder, "artifacts"),
  ];

  test("kill -9 at ten random moments, then all again: the same bytes, and no finished shard made twice", async () => {
    const folder = temporaryFolder();
    const data = fewClothes(path.join(folder, "clothes"), 100);
    const undisturbed = path.join(folder, "undisturbed");
    const started = performance.now();
    expect((await pipeline(folder, ...all(undisturbed, data))).status).toBe(0);
    const duration = performance.now() - started;

    const disturbed = path.join(folder, "disturbed");
    const random = randomFor("kill -9", 0);
    let killed = 0;
    for (let i = 0; i < 10; i++) {
      const before = new Map(
        ["augment", "embed"].map((stage) => [stage, shardTimes(disturbed, stage, mtime)]),
      );
      const { process: running, outcome } = startPipeline(folder, ...all(disturbed, data));
      // Early enough that ten runs together do not come to the end: what each has finished, the next one has behind it.
      const moment = random() * duration * 0.3;
      await Promise.race([sleep(moment), outcome]);
      // Half of the time only the parent is killed: the stage's process must not go on by itself.
      if (running.exitCode === null && running.pid !== undefined) {
        process.kill(i % 2 === 0 ? -running.pid : running.pid, "SIGKILL");
        killed++;
      }
      await outcome;
      for (const [stage, times] of before)
        for (const [shard, time] of times) expect(shardTimes(disturbed, stage, mtime).get(shard)).toBe(time);
    }
    expect(killed).toBeGreaterThanOrEqual(5);
    expect((await pipeline(folder, ...all(disturbed, data))).status).toBe(0);
    expect(shownFiles(disturbed)).toEqual(shownFiles(undisturbed));
    expect(readdirSync(path.join(disturbed, "artifacts/embed/shards"))).toEqual(
      readdirSync(path.join(undisturbed, "artifacts/embed/shards")),
    );
  });

  test("one worker or two, one part or four: the same bytes", async () => {
    const folder = temporaryFolder();
    const data = fewClothes(path.join(folder, "clothes"), 60);
    const [one, two, parts] = ["one", "two", "parts"].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    expect((await pipeline(folder, ...all(one, data), "--workers", "1")).status).toBe(0);
    expect((await pipeline(folder, ...all(two, data), "--workers", "2")).status).toBe(0);

    const artifacts = ["--artifacts", path.join(parts, "artifacts")];
    expect((await pipeline(folder, "index", "--data", data, ...artifacts)).status).toBe(0);
    for (const stage of ["augment", "embed"])
      for (const part of [3, 1, 4, 2]) {
        const views = stage === "augment" ? flags.slice(0, 2) : [];
        const { status, output } = await pipeline(
          folder,
          stage,
          ...views,
          ...artifacts,
          "--part",
          `${part}/4`,
        );
        expect({ status, stage, part, output }).toMatchObject({ status: 0 });
        expect(output.includes("others are not yet")).toBe(part !== 2);
      }
    expect((await pipeline(folder, ...all(parts, data))).output).toMatch(
      /augment: \w+ is there[^]*embed: \w+ is there/,
    );
    expect(shownFiles(two)).toEqual(shownFiles(one));
    expect(shownFiles(parts)).toEqual(shownFiles(one));
  });

  test("Ctrl-C stops within two seconds, says that work is kept, and leaves nothing broken", async () => {
    const folder = temporaryFolder();
    const data = fewClothes(path.join(folder, "clothes"), 60);
    const { process: running, outcome } = startPipeline(folder, ...all(folder, data));
    while (shardTimes(folder, "augment", mtime).size === 0) await sleep(50);
    await sleep(500);
    const pressed = performance.now();
    if (running.pid !== undefined) process.kill(-running.pid, "SIGINT");
    const { status, output } = await outcome;
    expect(performance.now() - pressed).toBeLessThan(2000);
    expect(status).toBe(130);
    expect(output).toContain("pipeline: stopped; finished work is kept");
    expect(output).not.toMatch(/^ +at /m);
    expect(readdirSync(path.join(folder, "artifacts/work"))).toEqual([]);
  });
});
