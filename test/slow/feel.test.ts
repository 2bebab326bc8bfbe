import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { persistentFolder, temporaryFolder } from "../folder.ts";
import { fewClothes, hasSharedPhotos, pipeline, startPipeline } from "./command-line.ts";

const root = path.resolve(import.meta.dirname, "../..");
// npm's own NODE_OPTIONS, with which these tests are started, would look for tsx where a command is
// given.
const env = { ...process.env, NODE_OPTIONS: "" };
const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** A command's two streams, apart. */
function streams(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", loader, path.join(root, "pipeline.ts"), ...args],
    { cwd: folder, encoding: "utf8", env },
  );
  return { status, stdout, stderr };
}

/** What a command answers a machine with; it fails where that is not one JSON document. */
function json(folder: string, ...args: string[]) {
  const { status, stdout } = streams(folder, ...args, "--json");
  return { status, answer: JSON.parse(stdout) as Record<string, unknown> };
}

describe.skipIf(!hasSharedPhotos)("the first minute, and what machines read, on real clothes", () => {
  const folder = persistentFolder();
  const quick = ["--epochs", "2"];

  beforeAll(() => {
    fewClothes(path.join(folder, "my photos"), 16);
  });

  test("init says what is there and writes a config file that all takes as it is", async () => {
    const { status, stdout } = streams(folder, "init", "--data", "my photos", "--quiet");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^photos +48 labelled, in .*my photos$/m);
    expect(stdout).toMatch(/^classes +3, 16 photos each: /m);
    expect(stdout).toMatch(/^nearness +the pretrained network is \d+ % sure of a photo, as the mean of 48/m);
    expect(stdout).toMatch(/^takes +less than a minute/m);
    expect(readFileSync(path.join(folder, "pipeline.config.ts"), "utf8")).toContain('data: "./my photos"');
    const refused = streams(folder, "init", "--data", "my photos");
    expect(refused).toMatchObject({ status: 2, stdout: "" });
    expect(refused.stderr).toMatch(/--force writes over it/);
    const planned = await pipeline(folder, "all", "--dry-run");
    expect(planned.status).toBe(0);
    expect(planned.output).toMatch(/│ train +│ run /);
  });

  test("a plan, a run, its status, its list and its garbage are one JSON document each", () => {
    const planned = json(folder, "all", "--dry-run", ...quick);
    expect(planned.status).toBe(0);
    expect(planned.answer["stages"]).toContainEqual(
      expect.objectContaining({ stage: "train", state: "missing" }),
    );
    const { status, answer } = json(folder, "all", ...quick);
    expect(status).toBe(0);
    const stages = answer["stages"] as { stage: string; state: string; files: { path: string }[] }[];
    expect(stages.map(({ stage }) => stage)).toEqual(
      expect.arrayContaining(["index", "augment", "embed", "train", "export"]),
    );
    expect(stages).toContainEqual(
      expect.objectContaining({
        ...{ stage: "train", state: "made", seconds: expect.any(Number) as number },
        facts: expect.objectContaining({ accuracy: expect.any(Number) as number }) as object,
      }),
    );
    for (const { files } of stages) for (const file of files) expect(path.isAbsolute(file.path)).toBe(true);
    const there = json(folder, "status").answer["stages"] as { state: string }[];
    expect(there.every(({ state }) => state === "fresh" || state === "stale")).toBe(true);
    expect(json(folder, "runs").answer["runs"]).toEqual([expect.objectContaining({ name: "default" })]);
    expect(json(folder, "gc").answer).toEqual({ deleted: false, objects: [] });
    expect(json(folder, "backbone").answer).toMatchObject({ name: "efficientnet-lite0", features: 1280 });
  });

  test("a quiet run says nothing at all, a verbose one says settings, versions and what it took", async () => {
    expect(streams(folder, "train", "--lr", "1e-3", ...quick, "--quiet")).toEqual({
      ...{ status: 0, stdout: "", stderr: "" },
    });
    const { output } = await pipeline(folder, "train", "--lr", "2e-4", ...quick, "--verbose");
    expect(output).toMatch(/^pipeline: train: with .*lr 0\.0002/m);
    expect(output).toMatch(/^pipeline: train: on Node v\d+.*onnxruntime-node \d/m);
    expect(output).toMatch(/^pipeline: train: \d+\.\d s, at most \d+ MiB of memory/m);
  });

  test("an error of a stage's own process is said once, in the voice that is asked for", () => {
    const args = ["all", "--data", "my photos", "--run", "typo", "--unfreeze", "blok3"];
    const plain = streams(folder, ...args);
    const { status, answer } = json(folder, ...args);
    const said = /^backbone: expected a number.* but got blok3\n {2}did you mean block3\?.*$/m;
    expect(plain.status).toBe(2);
    expect(plain.stderr).toMatch(said);
    expect(plain.stderr.match(/blok3/g)).toHaveLength(1);
    expect(status).toBe(2);
    expect(answer["error"]).toEqual({ code: "usage", message: said.exec(plain.stderr)?.[0], exitStatus: 2 });
  });

  test("Ctrl-C ends a run with one line and status 130", async () => {
    const {
      process: running,
      outcome,
      seen,
    } = startPipeline(folder, "all", "--views", "9", "--run", "other");
    while (!seen().includes("augment:") && running.exitCode === null) await sleep(50);
    running.kill("SIGINT");
    const { status, output } = await outcome;
    expect(status).toBe(130);
    expect(output).toMatch(/^pipeline: stopped; finished work is kept$/m);
    expect(output).not.toMatch(/^ +at /m);
  });
});

describe("mistakes", () => {
  const answerTo = (folder: string, ...args: string[]) => {
    const { status, answer } = json(folder, ...args);
    return { status, error: answer["error"] as { code: string; message: string; exitStatus: number } };
  };

  test("an error is a JSON document on the standard output too, with the exit status", () => {
    const { status, error } = answerTo(temporaryFolder(), "all", "--data", "nowhere");
    expect(status).toBe(3);
    expect(error).toMatchObject({ code: "data", exitStatus: 3 });
    expect(answerTo(temporaryFolder(), "trian").error.message).toMatch(/did you mean train\?/);
  });

  test("a config file that cannot be loaded is the user's to mend", () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "pipeline.config.ts"), "export default { lr: ");
    expect(streams(folder, "all")).toMatchObject({
      ...{ status: 2, stdout: "" },
      stderr: expect.stringMatching(
        /^pipeline: expected a config file that can be loaded for "pipeline.config.ts" but got .*:1:\d+/,
      ) as string,
    });
  });

  test("a file in the place of the artifacts is said before anything starts", () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "artifacts"), "");
    const { status, stderr } = streams(folder, "all", "--data", "nowhere");
    expect(status).toBe(5);
    expect(stderr).toMatch(/^pipeline: expected a folder for results that can be written for ".*artifacts"/);
  });

  test("init of nothing writes nothing", () => {
    const folder = temporaryFolder();
    expect(streams(folder, "init", "--data", ".").status).toBe(3);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("who stops reading is not told", () => {
    const command = `"${process.execPath}" --import "${loader}" "${root}/pipeline.ts" status | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8", env });
    expect(stdout).toBe("0\n");
    expect(stderr).toBe("");
  });
});

describe("doctor", () => {
  test("looks at everything that a run needs, and answers machines", () => {
    const { status, answer } = json(temporaryFolder(), "doctor");
    expect(status).toBe(0);
    expect(answer["ok"]).toBe(true);
    const checks = answer["checks"] as { name: string; state: string }[];
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "Node",
        "onnxruntime-node",
        "sharp",
        "cores",
        "memory",
        "artifacts",
        "weights",
      ]),
    );
    expect(checks.every(({ state }) => state !== "wrong")).toBe(true);
    expect(answer["engines"]).toContainEqual(expect.objectContaining({ engine: "cpu", works: true }));
  });

  test("a folder that cannot be written is said with what mends it, and the status is 5", () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "artifacts"), "");
    const { status, stdout } = streams(folder, "doctor", "--quiet");
    expect(status).toBe(5);
    expect(stdout).toMatch(/^wrong artifacts .*is a file: --artifacts FOLDER names another place$/m);
  });
});

test.skipIf(spawnSync("bash", ["--version"]).error !== undefined)(
  "the completion's function runs the tool from any folder",
  () => {
    const { stdout: script } = streams(temporaryFolder(), "completion", "bash");
    const command = `${script}\nft --version\nCOMP_WORDS=(ft tra); COMP_CWORD=1; _ft_completion; echo "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync("bash", ["-c", command], { cwd: temporaryFolder(), encoding: "utf8", env });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\ntrain\n$/);
  },
);
