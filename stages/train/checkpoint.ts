import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Checkpoints } from "../../shared/artifacts/types.ts";
import { float32Tensor, parseSafetensors, serializeSafetensors } from "../../shared/backbone/safetensors.ts";
import type { Tensor } from "../../shared/onnx/graph.ts";
import type { Epoch, Fitted } from "./fit.ts";
import type { TrainingState } from "./trainer.ts";

/** All of a training after some of its epochs: from here it goes on to the same end. */
export interface Checkpoint {
  /** those that are done */
  readonly epochs: readonly Epoch[];
  readonly state: TrainingState;
  /** the best of them so far */
  readonly kept: Fitted;
}

/** What is no tensor of the network, as a tensor of bytes: JSON. */
const progressName = "training/progress";
const [stateOf, keptOf] = ["state/", "kept/"] as const;

interface ProgressJson {
  readonly epochs: readonly Epoch[];
  readonly steps: number;
  readonly kept: Epoch;
}

/** Writes a checkpoint, named by the number of epochs that are done, as one safetensors file. */
export async function saveCheckpoint(
  checkpoints: Checkpoints,
  workspace: string,
  { epochs, state, kept }: Checkpoint,
): Promise<void> {
  const file = path.join(workspace, "checkpoint.safetensors");
  const json: ProgressJson = { epochs, steps: state.steps, kept: kept.epoch };
  const text = new TextEncoder().encode(JSON.stringify(json));
  const tensors = new Map<string, Tensor>([
    [progressName, { type: "uint8", dims: [text.length], data: text }],
    ...[...state.tensors].map(([name, tensor]) => [stateOf + name, tensor] as const),
    ...[...kept.parameters].map(([name, tensor]) => [keptOf + name, tensor] as const),
  ]);
  await writeFile(file, serializeSafetensors(tensors));
  await checkpoints.put(epochs.length, file);
}

/** The newest checkpoint; null where there is none. */
export async function loadCheckpoint(checkpoints: Checkpoints): Promise<Checkpoint | null> {
  const latest = await checkpoints.latest();
  if (latest === null) return null;
  const stored = parseSafetensors(await readFile(latest.path), latest.path);
  const progress = stored.get(progressName);
  if (progress === undefined) return null;
  const json = JSON.parse(new TextDecoder().decode(progress.bytes)) as ProgressJson;
  const tensors = (prefix: string) =>
    new Map(
      [...stored]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), float32Tensor(tensor, name, latest.path)]),
    );
  return {
    epochs: json.epochs,
    state: { steps: json.steps, tensors: tensors(stateOf) },
    kept: { epoch: json.kept, parameters: tensors(keptOf) },
  };
}
