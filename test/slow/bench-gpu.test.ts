import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../folder.ts";
import { onTensorflow, tensorflowIsThere } from "../shared/engine/tensorflow/installed.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** Runs the benchmark on the CPU, a step of each work; PyTorch is not there. */
function benchmark(engine: string, works: string) {
  const out = path.join(temporaryFolder(), "results.md");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...["--import", "tsx", "bench/gpu.ts", "--device", "cpu", "--engines", engine, "--works", works],
      ...["--batch", "2", "--steps", "1", "--side", "64", "--no-goldens", "--out", out],
    ],
    { cwd: root, encoding: "utf8", env: { ...process.env, PYTHON: "no-such-python" } },
  );
  return { status, said: stdout + stderr, out };
}

const number = String.raw`\d+\.\d`;

describe("bench/gpu.ts on the CPU", () => {
  test("times every work, a line each, and says that PyTorch is not there", () => {
    const works = "embed-lite0,embed-resnet50,tail-lite0,tail-resnet50,whole-resnet50,export-resnet50";
    const { status, said, out } = benchmark("cpu", works);
    expect({ status, said }).toMatchObject({ status: 0 });
    expect(said).toContain("PyTorch is not there");
    const lines = readFileSync(out, "utf8").match(RegExp(`^\\| .* \\| 2 \\| cpu \\| ${number} \\|.*$`, "gm"));
    expect(lines).toHaveLength(6);
  });

  test.skipIf(!tensorflowIsThere)(`times ${onTensorflow}`, () => {
    const { status, said } = benchmark("tensorflow", "tail-lite0");
    expect({ status, said }).toMatchObject({ status: 0 });
    expect(said).toMatch(RegExp(`blocks from maps \\| 2 \\| tensorflow \\| ${number} \\|`));
  });

  test.skipIf(existsSync("/dev/nvidia0"))(
    "an engine that does not work is left out, the reason said, and is no success",
    () => {
      const { status, said } = benchmark("cuda,cpu", "tail-lite0");
      expect(said).toMatch(/^cuda: left out, expected onnxruntime's CUDA provider/m);
      expect(said).toMatch(/\| 2 \| cpu \|/);
      expect(status).toBe(1);
    },
  );
});

/** Programs that only note what they were called with; `nvidia-smi` finds a GPU or none. */
function onFakeMachine(gpu: boolean, ...args: string[]) {
  const [bin, log] = [path.join(temporaryFolder(), "bin"), path.join(temporaryFolder(), "log")];
  mkdirSync(bin);
  writeFileSync(log, "");
  for (const name of ["npm", "npx", "apt-get", "python3"]) program(bin, name, `echo ${name} "$@" >> ${log}`);
  program(bin, "nvidia-smi", gpu ? "true" : "exit 9");
  for (const name of ["g++", "make"]) program(bin, name, "true");
  program(bin, "ldconfig", "echo libvulkan.so.1");
  const env = { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}`, PYTHON: "python3" };
  const { status, stderr } = spawnSync("bash", ["bench/gpu.sh", ...args], {
    cwd: root,
    encoding: "utf8",
    env,
  });
  const steps = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return { status, stderr, steps: steps.filter((line) => !line.startsWith("python3")) };
}

function program(folder: string, name: string, body: string): void {
  writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`);
  chmodSync(path.join(folder, name), 0o755);
}

describe("bench/gpu.sh", () => {
  test("installs the packages, then both engines with CUDA, then measures", () => {
    expect(onFakeMachine(true, "--steps", "3")).toMatchObject({
      status: 0,
      steps: [
        "npm ci",
        "npx zx pipeline.ts setup tensorflow --cuda",
        "npx zx pipeline.ts setup cuda",
        "npx tsx bench/gpu.ts --steps 3",
      ],
    });
  });

  test("with --device cpu fetches nothing of CUDA's", () => {
    const { steps } = onFakeMachine(false, "--device", "cpu");
    expect(steps).toEqual([
      "npm ci",
      "npx zx pipeline.ts setup tensorflow",
      "npx tsx bench/gpu.ts --device cpu",
    ]);
  });

  test("on a machine without a GPU is one clear error, status 2, and nothing is installed", () => {
    expect(onFakeMachine(false)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/expected an NVIDIA GPU.*--device cpu/s) as string,
      steps: [],
    });
  });
});
