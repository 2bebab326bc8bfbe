import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { serializeModel } from "../shared/onnx/file.ts";
import type { Graph } from "../shared/onnx/graph.ts";
import type { Turn } from "./turns.ts";

/** What PyTorch is to do. */
export interface RivalTask {
  /** of one row of the input */
  readonly shape: readonly number[];
  /** how pixels are normalised; null: the input is maps */
  readonly pixels: { readonly mean: readonly number[]; readonly std: readonly number[] } | null;
  /** null: a forward pass, its outputs fetched */
  readonly training: { readonly classes: number; readonly rate: number } | null;
  readonly batch: number;
  readonly steps: number;
  readonly threads: number;
  readonly device: "cpu" | "cuda";
  /** whether it computes in bfloat16, by autocast */
  readonly bf16: boolean;
}

/** PyTorch in a process of its own. */
export interface Rival {
  steps(): Promise<Turn>;
  end(): Promise<void>;
}

const interpreter = process.env["PYTHON"] ?? "python3";

/** Whether there is a Python with what the rival needs: $PYTHON, or python3. */
export function hasPyTorch(): boolean {
  return spawnSync(interpreter, ["-c", "import torch, onnx, numpy"]).status === 0;
}

/** Starts bench/pytorch_rival.py on a graph, which answers each line with a turn. */
export async function startRival(
  network: Graph,
  input: Float32Array | Uint8Array,
  task: RivalTask,
): Promise<Rival> {
  const folder = await mkdtemp(path.join(tmpdir(), "bench-rival-"));
  await writeFile(path.join(folder, "network.onnx"), serializeModel(network));
  await writeFile(path.join(folder, "input.bin"), input);
  await writeFile(path.join(folder, "task.json"), JSON.stringify(task));
  const program = path.join(import.meta.dirname, "pytorch_rival.py");
  const child = spawn(interpreter, [program, folder], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const line = await lines.next();
    if (line.done === true) throw new Error("pytorch_rival.py ended early");
    return line.value;
  };
  const ended = new Promise((resolve) => child.on("close", resolve));
  const end = async () => {
    child.stdin.end();
    await ended;
    await rm(folder, { recursive: true });
  };
  await next();
  return {
    async steps() {
      child.stdin.write("\n");
      return JSON.parse(await next()) as Turn;
    },
    end,
  };
}
