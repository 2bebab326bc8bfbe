import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { unexpected } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { Fetching } from "./download.ts";
import { resNets } from "./resnet.ts";

/** A pretrained network on this machine. */
export interface BackboneFile {
  readonly name: string;
  readonly path: string;
  /** of the file's bytes, hexadecimal */
  readonly sha256: string;
}

/** Where the weights of a network come from that is built here. */
export interface WeightsSource extends Fetching {
  /** a safetensors file; left out: the published weights, fetched once */
  readonly weights?: string | undefined;
  /** a folder that outlives runs, for what is fetched and built */
  readonly cache: string;
}

/** Networks that come with the repository: models/README.md. */
const embedded: Readonly<Record<string, { file: string; sha256: string }>> = {
  "efficientnet-lite0": {
    file: "../../models/efficientnet-lite0.onnx",
    sha256: "3fbcfe3de283503e3d4f7d1a17cb38b162d4e00bbb12ad31872c049c236a5be4",
  },
};

/**
 * The network that `--backbone` names: an embedded one, a residual one (built from weights that may have to be fetched:
 * built.ts), or the path of an ONNX file (its name ends in .onnx).
 *
 * @param source of weights; a residual network cannot do without
 * @throws PipelineError `usage` where it is none of these or the file cannot be read, `artifact` where an embedded network
 *   is not the one that the repository holds; what built.ts throws
 */
export async function findBackbone(name: string, source?: WeightsSource): Promise<BackboneFile> {
  const spec = Object.hasOwn(resNets, name) ? resNets[name] : undefined;
  if (spec !== undefined) {
    if (source === undefined) throw new Error(`${name} is built in a cache, and findBackbone was given none`);
    // Keys, status and help load no more than they need.
    const { builtBackbone } = await import("./built.ts");
    return builtBackbone(name, spec, source);
  }
  if (source?.weights !== undefined) throw weightsOfAnother(name, source.weights);
  if (name.endsWith(".onnx")) return { name: basename(name, ".onnx"), ...(await digested(resolve(name))) };
  const known = Object.hasOwn(embedded, name) ? embedded[name] : undefined;
  if (known === undefined) throw unknownBackbone(name);
  const found = await digested(fileURLToPath(new URL(known.file, import.meta.url)));
  if (found.sha256 === known.sha256) return { name, ...found };
  throw unexpected("artifact", {
    where: "backbone",
    expected: `sha256 ${known.sha256}`,
    subject: found.path,
    got: found.sha256,
    hint: `git checkout -- models/${basename(known.file)}`,
  });
}

async function digested(path: string): Promise<{ path: string; sha256: string }> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unexpected("usage", {
      where: "backbone",
      expected: "a file that can be read",
      subject: path,
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
  return { path, sha256: createHash("sha256").update(bytes).digest("hex") };
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
