import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { digestOf } from "../arrow/digest.ts";
import { unexpected } from "../errors.ts";
import { serializeModel } from "../onnx/file.ts";
import type { BackboneFile, WeightsSource } from "./backbones.ts";
import { findKept, makeKept, recordOf, type KeptFile } from "./kept-file.ts";
import { mendByFile, publishedDigest, publishedWeights } from "./published-weights.ts";
import { resNetGraph, resNetVersion, type ResNet } from "./resnet.ts";
import { parseSafetensors } from "./safetensors.ts";
import { stateDict } from "./state-dict.ts";

/**
 * A residual network as an ONNX file in the cache, built by the first call from its weights: a file of the user's, or the
 * published ones. The file is there whole or not at all, called after the weights' sha256, and built anew where its bytes
 * are no longer those that were written.
 *
 * @throws PipelineError `usage` where the weights' file cannot be read or is another network's, `artifact` where it is
 *   damaged, `engine` where weights cannot be fetched or nothing can be written; `interrupted`
 */
export async function builtBackbone(
  name: string,
  spec: ResNet,
  source: WeightsSource,
): Promise<BackboneFile> {
  const folder = path.join(source.cache, "backbones");
  const weights = await weightsOf(name, folder, source);
  const file = builtFile(folder, name, weights.sha256);
  const kept = await findKept(file);
  if (kept !== null && (await digestOf(file)).sha256 === kept.sha256) return { name, ...kept };
  source.progress.line(`building ${name} from ${weights.path}`);
  const built = await makeKept(file, async (work) => {
    const bytes = serializeModel(graphOf(name, spec, await readWeights(weights), weights.path));
    await writeFile(path.join(work, "bytes"), bytes);
    return createHash("sha256").update(bytes).digest("hex");
  });
  return { name, ...built };
}

/**
 * The sha256 that a network was built with before, and would be again, with nothing fetched or
 * built now.
 *
 * @returns null where it never was
 * @throws PipelineError `usage` where the weights' file cannot be read
 */
export async function recordedBackbone(
  name: string,
  source: Pick<WeightsSource, "weights" | "cache">,
): Promise<string | null> {
  const folder = path.join(source.cache, "backbones");
  const weights =
    source.weights === undefined
      ? await publishedDigest(name, folder)
      : (await givenWeights(source.weights)).sha256;
  return weights === null ? null : recordOf(builtFile(folder, name, weights));
}

function builtFile(folder: string, name: string, weights: string): string {
  return path.join(folder, `${name}-${resNetVersion}-${weights}.onnx`);
}

function graphOf(name: string, spec: ResNet, bytes: Uint8Array, weightsPath: string) {
  const stored = parseSafetensors(bytes, weightsPath);
  const weights = stateDict(stored, name, weightsPath);
  // As many classes as the weights have; ImageNet's 1,000 where they have no classifier, which is
  // then missed by name.
  const graph = resNetGraph(spec, stored.get("fc.bias")?.dims[0] ?? 1000, weights.take);
  weights.finish();
  return graph;
}

async function weightsOf(name: string, folder: string, source: WeightsSource): Promise<KeptFile> {
  return source.weights === undefined ? publishedWeights(name, folder, source) : givenWeights(source.weights);
}

async function givenWeights(given: string): Promise<KeptFile> {
  const file = path.resolve(given);
  try {
    const { sha256 } = await digestOf(file);
    return { path: file, sha256 };
  } catch (cause) {
    throw unexpected("usage", {
      where: "backbone",
      expected: "a safetensors file that can be read",
      subject: `--weights ${given}`,
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

async function readWeights(weights: KeptFile): Promise<Uint8Array> {
  const bytes = await readFile(weights.path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 === weights.sha256) return bytes;
  throw unexpected("artifact", {
    where: "backbone",
    expected: `sha256 ${weights.sha256}`,
    subject: weights.path,
    got: sha256,
    hint: `remove the file, so that it is fetched again, or ${mendByFile}`,
  });
}
