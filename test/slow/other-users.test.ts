import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { randomFor } from "../../shared/random.ts";
import { persistentFolder, temporaryFolder } from "../folder.ts";
import type { Outcome } from "./command-line.ts";

const root = path.resolve(import.meta.dirname, "../..");
const script = path.join(root, "pipeline.ts");

/** A user without a name and a home folder, as in `docker run --user 12345`. */
const user = 12345;

function as(...words: string[]): string[] {
  return [`--reuid=${user}`, `--regid=${user}`, "--clear-groups", ...words];
}

/** Root alone can become another user, who needs to reach this repository. */
const canBeAnother = process.getuid?.() === 0 && spawnSync("setpriv", as("test", "-r", script)).status === 0;

/** Runs pipeline.ts in a folder as that user, without HOME. */
function pipelineAs(folder: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const tsx = ["shared/temporary-folder.js", createRequire(import.meta.url).resolve("tsx")];
  const flags = tsx.map((file) => `--import=${pathToFileURL(path.resolve(root, file)).href}`).join(" ");
  const given = Object.entries(process.env).filter(([name]) => !["HOME", "XDG_CACHE_HOME"].includes(name));
  const child = spawn("setpriv", as(process.execPath, script, ...words), {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...Object.fromEntries(given), NODE_OPTIONS: flags, ...environment },
  });
  let output = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (output += text.toString()));
  return new Promise<Outcome>((resolve) => {
    child.on("close", (status) => {
      resolve({ status, output });
    });
  });
}

/** A folder that is the user's own. */
function ownFolder(): string {
  const folder = temporaryFolder();
  chownSync(folder, user, user);
  return folder;
}

async function makePhotos(folder: string): Promise<void> {
  for (const [name, grey] of [
    ["dark", 60],
    ["light", 200],
  ] as const) {
    mkdirSync(path.join(folder, name), { recursive: true });
    for (let i = 0; i < 6; i++) {
      const random = randomFor(`${name} ${i}`);
      const pixels = Uint8Array.from({ length: 48 * 48 * 3 }, () => grey + 40 * random());
      const image = sharp(pixels, { raw: { width: 48, height: 48, channels: 3 } });
      await image.jpeg().toFile(path.join(folder, name, `${i}.jpg`));
    }
  }
}

describe.skipIf(!canBeAnother)("as a user without a name, a home folder or rights", () => {
  const folder = persistentFolder();
  const [photos, work] = [path.join(folder, "photos"), path.join(folder, "work")];

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    mkdirSync(work);
    chownSync(work, user, user);
    await makePhotos(photos); // whose owner is root: for the user they are read-only
    const asked = ["all", "--data", photos, "--epochs", "2", "--quiet"];
    expect(await pipelineAs(work, asked, { TMPDIR: folder })).toEqual({ status: 0, output: "" });
  });

  test("everything is made, where temporary files cannot be written too, and nothing else is left", () => {
    expect(existsSync(path.join(work, "artifacts/features.npy"))).toBe(true);
    expect(readdirSync(work)).toEqual(["artifacts"]);
  });

  test("predict answers for what may be read, and names the rest", async () => {
    const mixed = temporaryFolder();
    chmodSync(mixed, 0o755);
    await makePhotos(mixed);
    chmodSync(path.join(mixed, "dark/3.jpg"), 0o600);
    mkdirSync(path.join(mixed, "closed"), { mode: 0o700 });
    const asked = ["predict", mixed, "--top", "1", "--model", path.join(work, "artifacts/model.onnx")];
    const { status, output } = await pipelineAs(ownFolder(), asked);
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(output).toContain("\n  closed: this user may not read it (EACCES)\n");
    expect(output).toContain("\ndark/3.jpg,,,this user may not read it (EACCES)\n");
    expect(output.match(/^(?:dark|light)\/\d\.jpg,(?:dark|light),/gm)).toHaveLength(11);
  });

  test("what cannot be written is named, with what helps", async () => {
    const [model, photo] = [path.join(work, "artifacts/model.onnx"), path.join(photos, "dark/1.jpg")];
    const config = await pipelineAs(photos, ["init", "--data", "."]);
    expect(config).toMatchObject({ status: 5 });
    expect(config.output).toMatch(
      /^init: expected to write the config file .* EACCES.*\n {2}call it in a folder/,
    );
    const out = path.join(photos, "answers.csv");
    const answers = await pipelineAs(work, ["predict", photo, "--model", model, "--out", out]);
    expect(answers).toMatchObject({ status: 2 });
    expect(answers.output).toMatch(/expected a file that can be written for "--out .*\n {2}--out FILE/);
    expect((await pipelineAs(work, ["predict", photo, "--model", model])).status).toBe(0);
  });

  test("artifacts of somebody else's are one message, and --artifacts leads past them", async () => {
    const own = ownFolder();
    mkdirSync(path.join(own, "artifacts"), { mode: 0o700 });
    writeFileSync(path.join(own, "artifacts/model.onnx"), "");
    const { status, output } = await pipelineAs(own, ["all", "--data", photos]);
    expect(status).toBe(5);
    expect(output).toMatch(/^pipeline: expected a folder for results .*\n {2}--artifacts FOLDER/);
    const predicted = await pipelineAs(own, ["predict", path.join(photos, "dark/1.jpg")]);
    expect(predicted.output).toMatch(
      /^predict: .*model\.onnx" but got EACCES.*\n {2}chmod or chown .*--artifacts/,
    );
    expect(await pipelineAs(own, ["status", "--artifacts", "mine"])).toMatchObject({ status: 0 });
  });
});

test("npx says nothing of its own", () => {
  const environment = {
    ...process.env,
    NODE_OPTIONS: "",
    npm_config_userconfig: path.join(root, "no-such-npmrc"),
  };
  const { stdout, stderr } = spawnSync("npx", ["zx", script, "--version"], {
    ...{ cwd: root, env: environment, encoding: "utf8" },
  });
  expect({ stdout, stderr }).toEqual({
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    stderr: "",
  });
});
