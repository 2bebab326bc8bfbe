import { Argument, type Command } from "commander";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setupRecordFile, type SetupRecord, tensorflowFolder } from "../shared/engine/tensorflow/library.ts";
import { unexpected } from "../shared/errors.ts";
import type { Progress } from "../shared/progress.ts";
import type { Speaking } from "./command.ts";
import { makeFolder } from "./finished-folder.ts";
import { buildAddon } from "./setup/addon.ts";
import { expectTools, type Tools } from "./setup/tools.ts";

/** `setup`: what an engine needs that npm does not bring. */
export function addSetup(program: Command, { progress, signal, answer }: Speaking): void {
  program
    .command("setup")
    .description("build what an engine needs that npm does not bring")
    .addArgument(new Argument("<what>", "the engine").choices(["tensorflow", "cuda"]))
    .option("--cuda", "tensorflow with CUDA's libraries, for an NVIDIA GPU")
    .action(async (what: string, { cuda = false }: { cuda?: boolean }) => {
      // Loaded here: it comes with a native library for which no other command should wait, or
      // fail.
      if (what === "cuda") await (await import("./setup/cuda.ts")).setupCuda(progress("setup"), signal);
      else await setupTensorflow({ cuda }, progress("setup"), signal);
      answer({ text: "", json: { engine: what, ready: true } });
    });
}

/**
 * tfjs-node's own TensorFlow, 2.9, knows no newer GPU than 2021's. The functions that its addon
 * calls are all still there in 2.21, so it is built against the TensorFlow that PyPI has.
 */
const versions = { tfjs: "4.22.0", tensorflow: "2.21.0" } as const;

export interface SetupOptions {
  /** with CUDA's libraries, for an NVIDIA GPU */
  readonly cuda: boolean;
}

/**
 * Builds TensorFlow for the engine `tensorflow` into the user's cache. What is there already stays; a build that was
 * interrupted leaves nothing.
 *
 * @throws PipelineError `usage` on a system other than Linux on x86 or ARM; `engine` where a tool is missing or one fails, with its
 *   words; `interrupted`
 */
export async function setupTensorflow(
  { cuda }: SetupOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  expectLinux();
  const folder = tensorflowFolder();
  const record: SetupRecord = { ...versions, cuda };
  if (await isThere(folder, record)) {
    progress.line(`TensorFlow ${versions.tensorflow} is there: ${folder}`);
    return;
  }
  const tools = await expectTools(signal);
  await makeFolder(folder, (content) => build(content, record, { tools, progress, signal }));
  progress.line(`TensorFlow ${versions.tensorflow} is ready: --engine tensorflow`);
}

async function build(
  content: string,
  record: SetupRecord,
  { tools, progress, signal }: { tools: Tools; progress: Progress; signal: AbortSignal },
): Promise<void> {
  const { tfjs, tensorflow, cuda } = record;
  await mkdir(path.join(content, "python"));
  const manifest = { private: true, description: "made by pipeline.ts setup tensorflow" };
  await writeFile(path.join(content, "package.json"), JSON.stringify(manifest));

  progress.line(`fetching tfjs-node ${tfjs} with npm, about 40 MB`);
  // Its install script would fetch the old TensorFlow.
  await tools.npm(
    ["install", "--ignore-scripts", "--no-audit", "--no-fund", `@tensorflow/tfjs-node@${tfjs}`],
    content,
  );

  progress.line(`fetching TensorFlow ${tensorflow} with pip, ${cuda ? "3.5 GB with CUDA" : "about 270 MB"}`);
  await tools.pip(wheelsOf(record), content);

  progress.line("building the addon, some 20 seconds");
  await buildAddon(content, tools);
  progress.line("trying it");
  await tools.node(["-e", trial], content);
  await writeFile(path.join(content, setupRecordFile), JSON.stringify(record));
  signal.throwIfAborted();
}

/**
 * pip's arguments. Only libraries are taken out of the wheels, so that any Python's wheel will do.
 */
function wheelsOf({ tensorflow, cuda }: SetupRecord): string[] {
  const into = [
    "install",
    "--target",
    "python",
    "--no-compile",
    "--only-binary",
    ":all:",
    "--python-version",
    "3.12",
  ];
  const cpuName = process.arch === "x64" ? "tensorflow-cpu" : "tensorflow";
  return cuda
    ? [...into, `tensorflow[and-cuda]==${tensorflow}`]
    : [...into, "--no-deps", `${cpuName}==${tensorflow}`];
}

const trial = `
  const util = require("node:util");
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const tf = require("@tensorflow/tfjs-node");
  if (tf.add(1, 2).dataSync()[0] !== 3) throw new Error("1 + 2 is not 3");
`;

async function isThere(folder: string, wanted: SetupRecord): Promise<boolean> {
  try {
    const text = await readFile(path.join(folder, setupRecordFile), "utf8");
    return text === JSON.stringify(wanted);
  } catch {
    return false;
  }
}

function expectLinux(): void {
  if (process.platform === "linux" && ["x64", "arm64"].includes(process.arch)) return;
  throw unexpected("usage", {
    where: "setup",
    expected: "Linux on x64 or arm64",
    subject: "tensorflow",
    got: `${process.platform} on ${process.arch}`,
    hint: "npm install @tensorflow/tfjs-node brings its own TensorFlow; the engines cpu and webgpu need nothing",
  });
}
