import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { digestOf as digestOfFile } from "../arrow/digest.ts";
import { digestOf } from "../artifacts/key.ts";
import { externalFiles, openExternalData } from "./external-data.ts";
import { parseModel, readHeader, type ModelHeader } from "./file.ts";
import type { Graph } from "./graph.ts";

/**
 * Reads an ONNX file, and the weights that lie in other files of its folder.
 *
 * @throws PipelineError `usage` where those cannot be used, and what `parseModel` throws
 */
export async function readModel(path: string): Promise<Graph> {
  const bytes = await readFile(path);
  const external = openExternalData(path);
  try {
    return parseModel(bytes, external.read);
  } finally {
    external.close();
  }
}

/** A model known by all of its bytes. */
export interface ModelDigest extends Pick<ModelHeader, "metadata"> {
  /**
   * of the file's bytes; where weights lie in other files, of the canonical JSON {"data": {name:
   * sha256}, "model": sha256}
   */
  readonly sha256: string;
}

/**
 * @param bytes of the file at `path`
 * @throws PipelineError `usage` where the bytes are no ONNX model, or weights in other files cannot
 *   be used
 */
export async function digestModel(path: string, bytes: Uint8Array): Promise<ModelDigest> {
  const { external, metadata } = readHeader(bytes);
  const model = createHash("sha256").update(bytes).digest("hex");
  const data: Record<string, string> = {};
  for (const [location, file] of externalFiles(path, external))
    data[location] = (await digestOfFile(file)).sha256;
  return { metadata, sha256: external.length === 0 ? model : digestOf({ model, data }) };
}
