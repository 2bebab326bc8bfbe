import { access, rename, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { costed, costInAll } from "../plan/describe.ts";
import { planAll } from "../plan/plans.ts";
import { type Flags, readRequest } from "../plan/session.ts";
import { configFileName } from "../plan/settings.ts";
import { PipelineError, unexpected } from "../shared/errors.ts";
import { index } from "../stages/index/stage.ts";
import type { Survey } from "../stages/index/survey.ts";
import { stages } from "../stages/stages.ts";
import { type Answer, askingWith, type Speaking } from "./command.ts";
import { adviceFor } from "./init/advice.ts";
import { answerOf, type Costs } from "./init/answer.ts";
import { configFile } from "./init/config-file.ts";
import { findingsIn, type Seen } from "./init/findings.ts";
import { found } from "./init/folder.ts";
import { imbalanceOf } from "./init/words.ts";

interface InitFlags {
  readonly data: string;
  readonly force?: boolean;
  readonly artifacts?: string;
}

/** `init`: looks at a folder, says what it understood, and writes a config file. */
export function addInit(program: Command, speaking: Speaking): void {
  program
    .command("init")
    .description(
      `look at a folder of photos, say what is in it and what it would take, write ${configFileName}`,
    )
    .requiredOption("--data <folder>", "the labelled photos: a folder, or a CSV or TSV file")
    .option("--force", `write over the ${configFileName} that is there`)
    .option("--artifacts <folder>", "where results will be kept (default: artifacts)")
    .action(async (flags: InitFlags) => {
      speaking.answer(await initialise(flags, speaking));
    });
}

/** Photos whose headers are opened, and photos that the pretrained network is asked about. */
const looked = { headers: 300, network: 64 } as const;

/** How many times the smallest class the largest may be before classes should count the same. */
const balanced = 10;

async function initialise(flags: InitFlags, speaking: Speaking): Promise<Answer> {
  const target = path.resolve(configFileName);
  if (flags.force !== true) await expectNone(target);
  const seen = await lookedAt(flags.data, speaking);
  const sums = await surveyed(flags, speaking);
  const imbalanced = imbalanceOf(seen.set) >= balanced;
  const findings = findingsIn(seen, sums);
  const text = configFile({
    ...{ data: shortest(flags.data), remarks: findings.map(({ name, says }) => `${name}: ${says}`) },
    ...{ advice: seen.advice, imbalanced, module: moduleFrom(path.dirname(target)) },
  });
  const costs = await withTemporary(target, text, async (file) => {
    // It is read as every later command will read it; nothing is kept that could not be.
    const costs = sums instanceof PipelineError ? null : await costsOf(file, flags, speaking);
    await rename(file, target);
    return costs;
  });
  return answerOf(
    { ...seen, findings, costs, target, stopped: sums instanceof PipelineError ? sums : null },
    speaking,
  );
}

async function expectNone(target: string): Promise<void> {
  const there = await access(target).then(
    () => true,
    () => false,
  );
  if (!there) return;
  throw unexpected("usage", {
    where: "init",
    expected: "no config file yet",
    subject: target,
    got: "one that is there",
    hint: "--force writes over it",
  });
}

async function lookedAt(data: string, { progress, signal }: Speaking): Promise<Seen> {
  const said = progress("init");
  const set = await found(data);
  const { root, rows } = set.listing;
  // Loaded here, as both come with a native library that no other command should wait for.
  const { sampled, someOf } = await import("./init/sample.ts");
  const { nearnessOf } = await import("./init/nearness.ts");
  const paths = rows.map((row) => row.path);
  said.line(`opening ${Math.min(looked.headers, paths.length)} of ${paths.length} photos`);
  const sample = await sampled(root, someOf(paths, looked.headers));
  expectNotStopped(signal);
  said.line("asking the pretrained network how well it knows them");
  const asked = someOf(paths, looked.network).map((name) => path.join(root, name));
  const nearness = await nearnessOf(asked, availableParallelism());
  expectNotStopped(signal);
  const advice = adviceFor({ photos: set.labelled, confidence: nearness?.confidence ?? null });
  return { set, sample, nearness, advice };
}

function expectNotStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new PipelineError("interrupted", "init: stopped");
}

/** The survey that `index` will make, its digests kept for it; or why `index` would stop. */
async function surveyed(flags: InitFlags, { progress, signal }: Speaking): Promise<Survey | PipelineError> {
  progress("init").line("reading every photo's bytes once, for duplicates");
  const cache = path.resolve(flags.artifacts ?? "artifacts", "cache");
  const { survey } = await import("../stages/index/survey.ts");
  return survey(index.config.parse({ data: path.resolve(flags.data) }), cache, signal).catch(
    (error: unknown) => {
      if (error instanceof PipelineError && error.code === "data") return error;
      throw error;
    },
  );
}

/** The config file under another name, while `use` works with it. */
async function withTemporary<Result>(
  target: string,
  text: string,
  use: (file: string) => Promise<Result>,
): Promise<Result> {
  const file = path.join(path.dirname(target), `.pipeline.config.${process.pid}.ts`);
  try {
    await writeFile(file, text);
    return await use(file);
  } finally {
    await rm(file, { force: true });
  }
}

async function costsOf(config: string, { artifacts }: InitFlags, speaking: Speaking): Promise<Costs> {
  const common = { config, ...(artifacts === undefined ? {} : { artifacts }) };
  const cost = async (flags: Flags) => {
    const { request, place } = await readRequest(stages, { ...common, ...flags }, askingWith(speaking, true));
    return costInAll(await costed(await planAll(request, place), place));
  };
  return { advised: await cost({}), frozen: await cost({ unfreeze: "0", views: "1" }) };
}

/** As the user would type it: relative where it lies below, else absolute. */
function shortest(data: string): string {
  const relative = path.relative(process.cwd(), path.resolve(data));
  const inside = relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative);
  return inside ? `./${relative.split(path.sep).join("/")}` : path.resolve(data);
}

/** The module of `defineConfig`, as a file in `folder` imports it. */
function moduleFrom(folder: string): string {
  const module = fileURLToPath(new URL("../plan/config.ts", import.meta.url));
  const relative = path.relative(folder, module).split(path.sep).join("/");
  return relative.startsWith(".") ? relative : `./${relative}`;
}
