import type { Manifest } from "../../shared/artifacts/types.ts";
import type { Stage } from "../../shared/stage.ts";
import type { Config } from "../plan.ts";
import type { Settings } from "../settings.ts";
import type { EngineChoice, EngineOn, EngineWish, Purpose } from "./choice.ts";

/** Versions of libraries, by name. */
export type Versions = Readonly<Record<string, string>>;

/** What a plan asks about the engines of this machine. */
export interface Engines {
  /**
   * For before any work is done: whether a wish can be had, as far as can be told without loading anything.
   *
   * @throws PipelineError `usage` or `engine` where it cannot
   */
  expect(wish: EngineWish): Promise<void>;
  /** @throws PipelineError `usage` or `engine` where what is wished for cannot be had */
  choose(purpose: Purpose, wish: EngineWish): Promise<EngineChoice>;
  /**
   * The library that computes, which is part of the key of what it computes.
   *
   * @throws PipelineError `engine` where the engine has to be loaded to tell, and cannot be
   */
  library(engine: EngineOn): Promise<Versions>;
}

/** A stage's config with a concrete engine in it. */
export interface Resolved {
  readonly config: Config;
  readonly library: Versions;
  /** null for a stage without an engine, and where the result is there already */
  readonly engine: EngineChoice | null;
}

/** Stages whose engine trains; those of the others run networks as they are. */
const trainers: ReadonlySet<string> = new Set(["train"]);

/**
 * The engine of a stage. One on which the run stands already is kept, whoever it is, where nothing else has changed and
 * the wish allows it: work that is there is not made again, and no engine is even looked for.
 *
 * @param keyWith the stage's key with a config and the versions of the engine's library
 */
export async function withEngine(
  stage: Stage,
  config: Config,
  current: Manifest | null,
  engines: Engines,
  keyWith: (config: Config, library: Versions) => string,
): Promise<Resolved> {
  if (!("engine" in stage.config.shape)) return { config, library: {}, engine: null };
  const wish: EngineWish = { engine: text(config["engine"]), device: text(config["device"]) };
  if (current !== null) {
    const there = engineThatMade(current);
    const made = { ...config, ...there };
    const library = allows(wish, there) ? await libraryOrNone(engines, there) : null;
    if (library !== null && keyWith(made, library) === current.key)
      return { config: made, library, engine: null };
  }
  const purpose = trainers.has(stage.name) ? "training" : "forward";
  const engine = await engines.choose(purpose, wish);
  const concrete = { ...config, engine: engine.engine, device: engine.device };
  return { config: concrete, library: await engines.library(engine), engine };
}

function engineThatMade({ config }: Manifest): EngineOn {
  return { engine: text(config["engine"]), device: config["device"] === "gpu" ? "gpu" : "cpu" };
}

function allows(wish: EngineWish, { engine, device }: EngineOn): boolean {
  return (
    (wish.engine === "auto" || wish.engine === engine) && (wish.device === "auto" || wish.device === device)
  );
}

/** An engine that cannot be loaded any more cannot be held to what it made. */
async function libraryOrNone(engines: Engines, engine: EngineOn): Promise<Versions | null> {
  try {
    return await engines.library(engine);
  } catch {
    return null;
  }
}

/** What the user's settings wish for. */
export function wishIn(settings: Settings): EngineWish {
  return { engine: text(settings.get("engine")?.value), device: text(settings.get("device")?.value) };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "auto";
}
