import type { Json } from "../../../shared/artifacts/types.ts";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, afterEach } from "vitest";
import { config, type IndexConfig } from "../../../stages/index/config.ts";
import { run } from "../../../stages/index/run.ts";
import { source } from "../../../stages/index/source.ts";
import { noCheckpoints } from "../checkpoints.ts";

/** A folder that is deleted after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "index-"));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** One cache for the tests of a file: photos that they share are opened once, which starts fewer processes. */
function sharedCache(): Promise<string> {
  shared ??= mkdtemp(path.join(tmpdir(), "index-cache-"));
  return shared;
}

let shared: Promise<string> | undefined;

afterAll(async () => {
  if (shared !== undefined) await rm(await shared, { recursive: true, force: true });
});

/** A small photo, another one for every number. */
export async function photo(number: number, format: "jpeg" | "png" | "webp" = "jpeg"): Promise<Buffer> {
  const width = 24;
  const height = 16;
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 7 + number * 31 + ((i * number) % 13) * 11) % 256;
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

/** Writes files below a new folder; a number stands for the photo of that number, in the format that the name says. */
export async function folderOf(files: Readonly<Record<string, number | string | Buffer>>): Promise<string> {
  const root = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === "number" ? await photo(content, formatOf(name)) : content);
  }
  return root;
}

function formatOf(name: string): "jpeg" | "png" | "webp" {
  const ending = path.extname(name).toLowerCase();
  if (ending === ".png") return "png";
  return ending === ".webp" ? "webp" : "jpeg";
}

/** `count` photos a class, numbered on, as the files of class folders below `below`. */
export function classes(
  names: readonly string[],
  count: number,
  below = "",
  first = 0,
): Record<string, number> {
  const files: Record<string, number> = {};
  let number = first;
  for (const name of names)
    for (let i = 0; i < count; i++) files[path.join(below, name, `${i}.jpg`)] = number++;
  return files;
}

/** The stage's config with its defaults. */
export function configFor(data: string, settings: Partial<IndexConfig> = {}): IndexConfig {
  return config.parse({ data, ...settings });
}

/** Runs the stage by itself and returns what it wrote, said and found. */
export async function runIndex(
  data: string,
  settings: Partial<IndexConfig> = {},
  {
    cache,
    signal = new AbortController().signal,
    planned,
  }: { cache?: string; signal?: AbortSignal; planned?: Json } = {},
) {
  const workspace = await temporaryFolder();
  const lines: string[] = [];
  const ownCache = cache ?? (await sharedCache());
  const asked = configFor(data, settings);
  const fingerprint = planned ?? (await source(asked, ownCache)).fingerprint;
  const result = await run({
    config: asked,
    key: "key",
    source: fingerprint,
    inputs: {},
    shards: noShards,
    finished: () => Promise.reject(new Error("there are no other results")),
    defaults: {},
    checkpoints: noCheckpoints,
    workspace,
    cache: ownCache,
    workers: 2,
    part: null,
    progress: {
      line: (text) => lines.push(text),
      bar: () => ({ advance: () => undefined, done: () => undefined }),
    },
    signal,
  });
  return { ...result, workspace, lines };
}

const refused = () => Promise.reject(new Error("the index has no shards"));

const noShards = {
  has: refused,
  record: refused,
  recordsOf: refused,
  path: (key: string) => key,
  put: refused,
  discard: refused,
};
