import { access, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { costed, costInAll } from "../plan/describe.ts";
import { planAll } from "../plan/plans.ts";
import { addStageFlags } from "../plan/flags.ts";
import { checked, optionsOf, valueOfText } from "../plan/options.ts";
import { type Flags, readRequest } from "../plan/session.ts";
import { configFileName } from "../plan/settings.ts";
import type { Json } from "../shared/artifacts/types.ts";
import { PipelineError, unexpected } from "../shared/errors.ts";
import { limitsHere } from "../shared/limits.ts";
import { type IndexConfig, readingFields } from "../stages/index/config.ts";
import { index } from "../stages/index/stage.ts";
import type { Scan } from "../stages/index/scan.ts";
import { stages } from "../stages/stages.ts";
import { type Answer, askingWith, type Speaking } from "./command.ts";
import { adviceFor } from "./init/advice.ts";
import { answerOf, type Costs } from "./init/answer.ts";
import { configFile } from "./init/config-file.ts";
import { findingsIn, type Seen } from "./init/findings.ts";
import { found } from "./init/folder.ts";
import { imbalanceOf } from "./init/words.ts";
import { whyNotWritable } from "./machine/disk.ts";
import { expectWritable } from "./preflight.ts";

type InitFlags = {
  readonly data: string;
  readonly force?: boolean;
  readonly artifacts?: string;
} & Readonly<Record<string, string | boolean | undefined>>;

/** Flags of index that decide how a folder is read: they go into the config file. */
const readingOptions = optionsOf([index]).filter(({ field }) => readingFields.includes(field));

/** What the flags say of how the folder is to be read. */
function readingGiven(flags: InitFlags): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    readingOptions.flatMap((option) => {
      const text = flags[option.field];
      if (text === undefined) return [];
      return [[option.field, checked(option, valueOfText(option, text), `--${option.flag}`)]];
    }),
  );
}

function indexConfig(flags: InitFlags): IndexConfig {
  return index.config.parse({ ...readingGiven(flags), data: path.resolve(flags.data) });
}

/** `init`: looks at a folder, says what it understood, and writes a config file. */
export function addInit(program: Command, speaking: Speaking): void {
  addStageFlags(program.command("init"), readingOptions, index.name)
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
  await expectWritableHere(target);
  await expectWritable(path.resolve(flags.artifacts ?? "artifacts"));
  const seen = await lookedAt(flags, speaking);
  const sums = await scanned(flags, speaking);
  const imbalanced = imbalanceOf(seen.set) >= balanced;
  const findings = findingsIn(seen, sums);
  const text = configFile({
    ...{ data: shortest(flags.data), remarks: findings.map(({ name, says }) => `${name}: ${says}`) },
    ...{
      reading: readingGiven(flags),
      advice: seen.advice,
      imbalanced,
      module: moduleFrom(path.dirname(target)),
    },
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

async function expectWritableHere(target: string): Promise<void> {
  const why = await whyNotWritable(path.dirname(target));
  if (why === null) return;
  throw unexpected("engine", {
    where: "init",
    expected: "to write the config file into the folder in which init is called",
    subject: target,
    got: why,
    hint: "call it in a folder of your own: later commands find the config file where they are called",
  });
}

async function lookedAt(flags: InitFlags, { progress, signal }: Speaking): Promise<Seen> {
  const said = progress("init");
  const set = await found(indexConfig(flags), path.resolve(flags.artifacts ?? "artifacts"));
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
  const nearness = await nearnessOf(asked, limitsHere().usable);
  expectNotStopped(signal);
  const advice = adviceFor({ photos: set.labelled, confidence: nearness?.confidence ?? null });
  return { set, sample, nearness, advice };
}

function expectNotStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new PipelineError("interrupted", "init: stopped");
}

/** The scan that `index` will make, its digests kept for it; or why `index` would stop. */
async function scanned(flags: InitFlags, { progress, signal }: Speaking): Promise<Scan | PipelineError> {
  progress("init").line("reading every photo's bytes once, for duplicates");
  const cache = path.resolve(flags.artifacts ?? "artifacts", "cache");
  const { scan } = await import("../stages/index/scan.ts");
  return scan(indexConfig(flags), cache, signal).catch((error: unknown) => {
    if (error instanceof PipelineError && error.code === "data") return error;
    throw error;
  });
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
