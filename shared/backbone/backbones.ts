import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { unexpected } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { digestOf } from "../artifacts/key.ts";
import { digestModel } from "../onnx/read-model.ts";
import type { GivenNormalisation } from "../options.ts";
import type { Fetching } from "./download.ts";
import { type PreprocessorConfig, readPreprocessorConfig } from "./preprocessor-config.ts";
import { resNets } from "./resnet.ts";

/** A pretrained network on this machine. */
export interface BackboneFile {
  readonly name: string;
  readonly path: string;
  /**
   * of the file's bytes, hexadecimal; of those of its weights' files too, where they lie in others
   * (digestModel)
   */
  readonly sha256: string;
  /** what it wants of pixels, where that is given */
  readonly normalisation?: GivenNormalisation | undefined;
  /** the file beside it that says what it wants of pixels, where nothing closer does */
  readonly preprocessor?: PreprocessorConfig | null;
}

/**
 * The part that a network has in keys: the digest of all files that decide what it makes of photos.
 */
export function digestOfBackbone({ sha256, preprocessor = null }: BackboneFile): string {
  return preprocessor === null ? sha256 : digestOf({ network: sha256, preprocessor: preprocessor.text });
}

/** Where the weights of a network come from that is built here. */
export interface WeightsSource extends Fetching {
  /** a safetensors file; left out: the published weights, fetched once */
  readonly weights?: string | undefined;
  /** a folder that outlives runs, for what is fetched and built */
  readonly cache: string;
}

/** What a network's own file need not say. */
interface FindingOptions {
  readonly normalisation?: GivenNormalisation | undefined;
}

/** Networks that come with the repository: models/README.md. */
const embedded: Readonly<Record<string, { file: string; sha256: string }>> = {
  "efficientnet-lite0": {
    file: "../../models/efficientnet-lite0.onnx",
    sha256: "3fbcfe3de283503e3d4f7d1a17cb38b162d4e00bbb12ad31872c049c236a5be4",
  },
};

/**
 * The network that `--backbone` names: an embedded one, a residual one (built from weights that may
 * have to be fetched: built.ts), or the path of an ONNX file (its name ends in .onnx).
 *
 * @param source of weights; a residual network cannot do without
 * @throws PipelineError `usage` where it is none of these or the file cannot be read, `artifact`
 *   where an embedded network is not the one that the repository holds; what built.ts throws
 */
export async function findBackbone(
  name: string,
  source?: WeightsSource,
  { normalisation }: FindingOptions = {},
): Promise<BackboneFile> {
  const spec = Object.hasOwn(resNets, name) ? resNets[name] : undefined;
  if (spec !== undefined) {
    if (source === undefined) throw new Error(`${name} is built in a cache, and findBackbone was given none`);
    // Keys, status and help load no more than they need.
    const { builtBackbone } = await import("./built.ts");
    return { ...(await builtBackbone(name, spec, source)), normalisation };
  }
  if (source?.weights !== undefined) throw weightsOfAnother(name, source.weights);
  if (name.endsWith(".onnx")) return strangersFile(resolve(name), normalisation);
  const known = Object.hasOwn(embedded, name) ? embedded[name] : undefined;
  if (known === undefined) throw unknownBackbone(name);
  const found = await digested(fileURLToPath(new URL(known.file, import.meta.url)));
  if (found.sha256 === known.sha256) return { name, ...found, normalisation };
  throw unexpected("artifact", {
    where: "backbone",
    expected: `sha256 ${known.sha256}`,
    subject: found.path,
    got: found.sha256,
    hint: `git checkout -- models/${basename(known.file)}`,
  });
}

/**
 * A file that says in its metadata what it wants of pixels is not asked twice, nor is one where
 * that is given.
 */
async function strangersFile(
  path: string,
  normalisation: GivenNormalisation | undefined,
): Promise<BackboneFile> {
  const { sha256, metadata } = await digestModel(path, await bytesOf(path));
  const isSaid = normalisation !== undefined || metadata["preprocessing"] !== undefined;
  const preprocessor = isSaid ? null : await readPreprocessorConfig(path);
  return { name: basename(path, ".onnx"), path, sha256, normalisation, preprocessor };
}

async function digested(path: string): Promise<{ path: string; sha256: string }> {
  return {
    path,
    sha256: createHash("sha256")
      .update(await bytesOf(path))
      .digest("hex"),
  };
}

async function bytesOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw unexpected("usage", {
      where: "backbone",
      expected: "a file that can be read",
      subject: path,
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
}

function weightsOfAnother(name: string, weights: string) {
  return unexpected("usage", {
    where: "backbone",
    expected: `one of ${Object.keys(resNets).join(", ")} as the backbone`,
    subject: `--weights ${weights}`,
    got: name,
    hint: `leave --weights out: ${name} has weights of its own`,
  });
}

function unknownBackbone(name: string) {
  const names = [...Object.keys(embedded), ...Object.keys(resNets)];
  const near = nearest(name, names);
  return unexpected("usage", {
    where: "backbone",
    expected: `${names.join(", ")} or the path of an .onnx file`,
    subject: "--backbone",
    got: name,
    ...(near === null ? {} : { hint: `did you mean ${near}?` }),
  });
}
