import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { acceleratorEnvironment } from "../shared/engine/environment.ts";
import { convolutions } from "../shared/engine/trial/graph.ts";
import { tryEngine } from "../shared/engine/trial/trial.ts";
import { limitsHere } from "../shared/limits.ts";
import type { EngineRate, EngineTask } from "./gpu-engine.ts";
import { type Row, tableOf } from "./gpu-table.ts";
import { forPyTorch, prepared, type Work, works } from "./gpu-works.ts";
import { hasPyTorch, startRival } from "./rival.ts";
import { classes, rate } from "./training-steps.ts";
import { median } from "./turns.ts";

/**
 * Checks the engines against the goldens and prints what each makes of embedding, training and export beside PyTorch (channels_last;
 * bfloat16 by autocast on a GPU, float32 on the CPU), a line for each. Ours are float32, TensorFloat-32 off. bench/gpu.sh installs what
 * it needs and starts it.
 *
 *     tsx bench/gpu.ts [--device gpu|cpu] [--engines a,b] [--works a,b] [--batch N] [--steps N] [--side N] [--no-goldens] [--out FILE]
 *
 * `--device cpu` does the same without a GPU, on the engines that run there. PYTHON names a Python with torch and onnx.
 */
const { values: given } = parseArgs({
  options: {
    device: { type: "string", default: "gpu" },
    engines: { type: "string" },
    works: { type: "string", default: works.map(({ name }) => name).join(",") },
    batch: { type: "string", default: "32" },
    steps: { type: "string", default: "30" },
    side: { type: "string" },
    goldens: { type: "boolean", default: true },
    out: { type: "string" },
  },
  allowNegative: true,
});
if (given.device !== "gpu" && given.device !== "cpu")
  throw new Error(`bench: expected gpu or cpu for "--device" but got ${given.device}`);
const device: "gpu" | "cpu" = given.device;
const root = path.resolve(import.meta.dirname, "..");
const environment = { ...process.env, ...acceleratorEnvironment() };
const amount = {
  batch: Number(given.batch),
  threads: limitsHere().usable,
  ...(given.side === undefined ? {} : { side: Number(given.side) }),
};
const [warmUp, steps] = [Math.ceil(Number(given.steps) / 5), Number(given.steps)];
const wanted = (given.engines ?? (device === "gpu" ? "tensorflow,cuda,webgpu" : "cpu,tensorflow")).split(",");
const chosen = given.works.split(",").map((name) => {
  const work = works.find((each) => each.name === name);
  if (work !== undefined) return work;
  throw new Error(
    `bench: expected ${works.map((each) => each.name).join(", ")} for "--works" but got ${name}`,
  );
});

const engines: string[] = [];
for (const engine of wanted) if (await isUsable(engine)) engines.push(engine);
const agree = !given.goldens || engines.every(agreesWithGoldens);
const [rows, libraries] = [[] as Row[], new Set<string>()];
const rivalIsThere = hasPyTorch();
if (!rivalIsThere)
  console.log("PyTorch is not there (PYTHON names a Python with torch and onnx): its column stays empty");
for (const work of chosen) {
  const pyTorch = rivalIsThere ? await rateOfPyTorch(work) : "not there";
  for (const engine of engines) {
    const ours = rateOfEngine(engine, work);
    if (typeof ours !== "string") libraries.add(ours.library);
    const row = {
      ...{ title: work.title, batch: amount.batch, engine, pyTorch },
      ours: typeof ours === "string" ? ours : ours.imagesPerSecond,
    };
    rows.push(row);
    console.log(tableOf([row]).split("\n").at(-1));
  }
}
const report = `${machine()}\n\n${[...libraries].join("; ")}\n\n${tableOf(rows)}\n`;
console.log(`\n${report}`);
const out = given.out ?? (device === "gpu" ? path.join(root, "bench/RESULTS-gpu.md") : undefined);
if (out !== undefined)
  await writeFile(out, `# Engines beside PyTorch on a ${device.toUpperCase()}\n\n${report}`);
// An engine that is missing, that is wrong or that failed is no success.
if (!agree || engines.length < wanted.length || rows.some(({ ours }) => typeof ours === "string"))
  process.exitCode = 1;

/** Whether an engine works on the device at all; says why where it does not. */
async function isUsable(engine: string): Promise<boolean> {
  const trial = { ...convolutions(), engine, device, threads: amount.threads, seconds: 0 };
  const outcome = await tryEngine(trial);
  console.log(
    outcome.works ? `${engine}: works` : `${engine}: left out, ${outcome.why}\n  ${outcome.hint}`.trimEnd(),
  );
  return outcome.works;
}

/**
 * Runs the tests that hold an engine to PyTorch's goldens: seven families' networks, every
 * gradient, whole steps.
 */
function agreesWithGoldens(engine: string): boolean {
  const folder = "test/shared/" + (engine === "cpu" ? "training" : `engine/${engine}`);
  const names = engine === "cpu" ? ["families", "gradients", "step"] : ["families", "training"];
  const files = names.map((name) => `${folder}/${name}.test.ts`);
  const { status } = spawnSync("npx", ["vitest", "run", "--project", "unit", ...files], {
    ...{ cwd: root, stdio: "inherit" },
    env: { ...environment, [engine.toUpperCase()]: "required" },
  });
  console.log(`${engine}: ${status === 0 ? "agrees" : "does not agree"} with the goldens`);
  return status === 0;
}

function rateOfEngine(engine: string, work: Work): EngineRate | string {
  const task: EngineTask = { ...amount, engine, device, work: work.name, warmUp, steps };
  const program = path.join(root, "bench/gpu-engine.ts");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", program, JSON.stringify(task)],
    { cwd: root, encoding: "utf8", env: environment, maxBuffer: 1 << 28 },
  );
  if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as EngineRate;
  console.error(stderr);
  const lines = stderr.split("\n");
  return `failed: ${(lines.find((line) => /Error: /.test(line)) ?? `status ${String(status)}`).trim()}`;
}

async function rateOfPyTorch(work: Work): Promise<number | string> {
  const ready = await prepared(work, amount);
  const { mean, std } = ready.network.backbone.preprocessing;
  const trains = work.kind === "tail" || work.kind === "whole";
  const rival = await startRival(forPyTorch(ready), ready.rows, {
    ...{ ...amount, steps, shape: ready.shape },
    pixels: work.kind === "tail" ? null : { mean, std },
    training: trains ? { classes, rate } : null,
    ...{ device: device === "gpu" ? "cuda" : "cpu", bf16: device === "gpu" },
  });
  // The first turn makes it ready.
  await rival.steps();
  const { seconds } = await rival.steps();
  await rival.end();
  return amount.batch / median(seconds);
}

/** What it ran on. */
function machine(): string {
  const cores = `${cpus()[0]?.model ?? "CPU"}, ${amount.threads} threads`;
  if (device === "cpu") return `${cores}; PyTorch in float32, channels_last`;
  const query = ["--query-gpu=name,driver_version", "--format=csv,noheader"];
  const { stdout } = spawnSync("nvidia-smi", query, { encoding: "utf8" });
  return `${stdout.trim()} (${cores}); PyTorch in bfloat16 by autocast, channels_last; ours in float32, TensorFloat-32 off`;
}
