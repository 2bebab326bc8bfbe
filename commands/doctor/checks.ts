import type { Json } from "../../shared/artifacts/types.ts";
import { findBackbone } from "../../shared/backbone/backbones.ts";
import { findKept } from "../../shared/backbone/kept-file.ts";
import { publishedFile, publishedUrl } from "../../shared/backbone/published-weights.ts";
import { resNets } from "../../shared/backbone/resnet.ts";
import { cacheFolder } from "../../shared/cache.ts";
import { limitsHere } from "../../shared/limits.ts";
import type { Look } from "../../shared/voice.ts";
import { freeBytesAt, whyNotWritable } from "../machine/disk.ts";
import { isAtLeast, oldestNode } from "../machine/node.ts";
import { memoryNeeded } from "../preflight.ts";

/** One thing that a run needs. */
export interface Check {
  readonly name: string;
  /** "wrong" stops a run with the defaults; "note" does not, but is worth knowing */
  readonly state: "ok" | "note" | "wrong";
  /** what was found */
  readonly found: string;
  /** what mends it, or what it means; "" where nothing needs to be done */
  readonly hint: string;
}

/**
 * Bytes that a photo takes with the default settings: two views of 224 × 224 pixels, their
 * features, and what is exported.
 */
const bytesOfPhoto = 2 * 224 * 224 * 3 + 4 * 1280 * 4;

/** Bytes below which a disk is as good as full. */
const roomNeeded = 500e6;

/**
 * Looks at everything that a run needs beside an engine, and changes nothing.
 *
 * @param root the folder of the artifacts
 */
export async function checksHere(root: string): Promise<Check[]> {
  const [onnxruntime, sharp, ...others] = await Promise.all([
    nativeCheck("onnxruntime-node", () => import("../../shared/engine/onnxruntime-session.ts")),
    nativeCheck("sharp", () => import("sharp")),
    diskCheck("artifacts", root),
    diskCheck("cache", cacheFolder()),
    embeddedWeights(),
    publishedWeights(),
  ]);
  return [nodeCheck(), onnxruntime, sharp, coresCheck(), memoryCheck(), ...others];
}

const ok = (name: string, found: string): Check => ({ name, state: "ok", found, hint: "" });

function nodeCheck(): Check {
  const wanted = oldestNode();
  if (isAtLeast(process.version, wanted)) return ok("Node", process.version);
  return { name: "Node", state: "wrong", found: process.version, hint: `install Node ${wanted} or newer` };
}

async function nativeCheck(name: string, load: () => Promise<unknown>): Promise<Check> {
  try {
    await load();
    return ok(name, "its native part loads");
  } catch (error) {
    const [why = ""] = (error instanceof Error ? error.message : String(error)).trim().split("\n");
    return { name, state: "wrong", found: why, hint: "npm ci, on this machine and with this Node" };
  }
}

function coresCheck(): Check {
  const { cores, quota, usable } = limitsHere();
  if (quota === null || quota >= cores) return ok("cores", String(cores));
  const allowed = `${cores}, of which this container may use ${quota.toFixed(1)}`;
  return ok("cores", `${allowed}: ${usable} by default, --workers N for another number`);
}

function memoryCheck(): Check {
  const { memory } = limitsHere();
  const found = `${(memory / 1e9).toFixed(1)} GB free`;
  if (memory >= memoryNeeded) return ok("memory", found);
  return {
    ...{ name: "memory", state: "wrong", found },
    hint: `a run takes about ${(memoryNeeded / 1e9).toFixed(1)} GB: end other programs, or raise the container's limit`,
  };
}

async function diskCheck(name: string, folder: string): Promise<Check> {
  const why = await whyNotWritable(folder);
  const elsewhere = name === "artifacts" ? "--artifacts FOLDER" : "XDG_CACHE_HOME (on Windows LOCALAPPDATA)";
  const hint = `${elsewhere} names another place`;
  if (why !== null) {
    // A run with the defaults keeps nothing in the cache that it could not do without.
    const state = name === "artifacts" ? "wrong" : "note";
    return { name, state, found: `${folder} cannot be written: ${why}`, hint };
  }
  const free = await freeBytesAt(folder);
  const found = `${folder}, ${(free / 1e9).toFixed(1)} GB free`;
  if (free < roomNeeded) return { name, state: "wrong", found, hint };
  if (name !== "artifacts") return ok(name, found);
  const photos = Math.floor(free / bytesOfPhoto / 1000) * 1000;
  return ok(name, `${found}: room for about ${photos.toLocaleString("en")} photos with the defaults`);
}

async function embeddedWeights(): Promise<Check> {
  try {
    const { name, sha256 } = await findBackbone("efficientnet-lite0");
    return ok("weights", `${name}, sha256 ${sha256.slice(0, 12)}… as it should be`);
  } catch (error) {
    const [found = "", ...hint] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { name: "weights", state: "wrong", found, hint: hint.join(" ").trim() };
  }
}

/**
 * Those of the residual networks are wanted only with `--backbone resnet…`, so that nothing here is
 * ever wrong.
 */
async function publishedWeights(): Promise<Check> {
  const names = Object.keys(resNets);
  const kept = await Promise.all(names.map((name) => findKept(publishedFile(name, cacheFolder()))));
  const here = names.filter((_, i) => kept[i] !== null);
  if (here.length > 0) return ok("resnets", `${here.join(", ")} here already`);
  const url = publishedUrl(names[0] ?? "");
  const why = await whyUnreachable(url);
  if (why === null) return ok("resnets", "their weights can be fetched");
  return {
    ...{ name: "resnets", state: "note", found: `${new URL(url).host} is out of reach: ${why}` },
    hint: "only --backbone resnet… needs it: give it --weights FILE, or set HF_ENDPOINT to a mirror",
  };
}

async function whyUnreachable(url: string): Promise<string | null> {
  try {
    const { ok: found, status } = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(3000) });
    return found ? null : `HTTP ${status}`;
  } catch (error) {
    const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    return [cause?.code, cause?.message, message].find((text) => text !== undefined && text !== "") ?? "";
  }
}

/** A line for each: green, or what mends it. */
export function checksInWords(checks: readonly Check[], look: Look): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const drawn = { ok: look.good("ok   "), note: look.remedy("note "), wrong: look.error("wrong") };
  return checks.map(({ name, state, found, hint }) => {
    const line = `${drawn[state]} ${name.padEnd(width)}  ${found}`;
    return hint === "" ? line : `${line}: ${look.remedy(hint)}`;
  });
}

/** The same for machines. */
export function checkInJson({ name, state, found, hint }: Check): Json {
  return { name, state, found, hint };
}
