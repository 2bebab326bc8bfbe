import { rm } from "node:fs/promises";
import path from "node:path";
import { digestOf } from "../arrow/digest.ts";
import { unexpected } from "../errors.ts";
import { download, type Fetching } from "./download.ts";
import { findKept, makeKept, recordOf, type KeptFile } from "./kept-file.ts";

/** As the hub's page of the file says it (Git LFS). For the others the first fetch decides. */
const published: Readonly<Record<string, string>> = {
  resnet18: "694f673df6520a3158624e8a89af086f59923ee4cd7436fe5bc3bc71d295ad81",
  resnet50: "5d061a3c593d795bfe682d9b152bafbcf550579873492def3515b46db1189888",
  resnet152: "15897077afdf4d6334dc0c3f8e6fb483afb3faa9298c139f3c6eb29bca6ae5b2",
};

export const mendByFile = "give the weights as a file: --weights FILE (safetensors, torchvision's names)";

/**
 * torchvision's V1 weights of a residual network (`resnet18`, …), fetched by the first call. Their
 * sha256 is recorded beside the file, and demanded of the bytes that any later fetch brings; who
 * reads the file holds it to that too.
 *
 * @param folder of the cache
 * @throws PipelineError `engine` where they cannot be fetched or kept, `artifact` where other bytes
 * come; `interrupted`
 */
export async function publishedWeights(name: string, folder: string, fetching: Fetching): Promise<KeptFile> {
  const file = path.join(folder, `${name}.safetensors`);
  const kept = await findKept(file);
  if (kept !== null) return kept;
  const url = publishedUrl(name);
  return makeKept(file, async (work) => {
    const bytes = await download(work, { url, what: `${name}'s weights`, hint: mendByFile }, fetching);
    const { sha256 } = await digestOf(bytes);
    const expected = (await recordOf(file)) ?? published[name] ?? sha256;
    if (sha256 === expected) return sha256;
    // Nothing to go on with.
    await rm(work, { recursive: true });
    throw unexpected("artifact", {
      where: "backbone",
      expected: `sha256 ${expected}`,
      subject: url,
      got: sha256,
      hint: mendByFile,
    });
  });
}

/** Where the weights of a residual network are fetched from. */
export function publishedUrl(name: string): string {
  return `${hub()}/timm/${name}.tv_in1k/resolve/main/model.safetensors`;
}

/** Where they lie once they are fetched. */
export function publishedFile(name: string, cache: string): string {
  return path.join(cache, "backbones", `${name}.safetensors`);
}

/** The sha256 that the weights must have, as far as it is known before they are fetched. */
export async function publishedDigest(name: string, folder: string): Promise<string | null> {
  return (await recordOf(path.join(folder, `${name}.safetensors`))) ?? published[name] ?? null;
}

/** The Hugging Face hub, or the mirror that its own clients would use. */
function hub(): string {
  const mirror = process.env["HF_ENDPOINT"] ?? "";
  return (mirror === "" ? "https://huggingface.co" : mirror).replace(/\/+$/, "");
}
