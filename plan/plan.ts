import { differences, keyOf } from "../shared/artifacts/key.ts";
import { findManifest } from "../shared/artifacts/results.ts";
import type { Refs } from "../shared/artifacts/refs.ts";
import type { ObjectStore } from "../shared/artifacts/store.ts";
import type { Json, KeyParts, Manifest } from "../shared/artifacts/types.ts";
import type { BackboneChoice } from "../shared/backbone/chosen.ts";
import { normalisationOption } from "../shared/options.ts";
import type { Stage } from "../shared/stage.ts";
import { versionsOf } from "../shared/libraries.ts";
import type { EngineChoice } from "./engines/choice.ts";
import { type Engines, type Versions, withEngine } from "./engines/resolve.ts";
import { unmetNeed } from "./needs.ts";
import { reasonOf } from "./reasons.ts";

/** Where a plan looks, and for which named run. */
export interface Place {
  readonly store: ObjectStore;
  readonly refs: Refs;
  readonly run: string;
  /** sha256 of the network that a config chooses */
  readonly backboneDigest: (choice: BackboneChoice) => Promise<string>;
  readonly engines: Engines;
}

export type Config = Readonly<Record<string, Json>>;

/** The result that a later stage would read: finished already, or only planned. */
export interface Upstream {
  readonly key: string;
  readonly parts: KeyParts;
  readonly outputs: Readonly<Record<string, string>>;
  readonly config: Config;
}

/** What a run would do about one stage, and why. */
export interface PlannedStage extends Upstream {
  readonly stage: Stage;
  /** keys of the results it would read, by stage */
  readonly results: Readonly<Record<string, string>>;
  /**
   * optional inputs that the plan leaves out: once this stage has run, the run no longer stands on
   * them
   */
  readonly without: readonly string[];
  /**
   * "done": finished under this key. "stale": the run stands on another one. "missing": there is
   * none yet. "left out": the photos lack what the stage needs.
   */
  readonly state: "done" | "stale" | "missing" | "left out";
  /** why it is stale or left out; empty otherwise */
  readonly reasons: readonly string[];
  /**
   * what it would compute with, and why; null where it has no engine, is left out, or its result is
   * there
   */
  readonly engine: EngineChoice | null;
  /** what the run stands on now */
  readonly current: Manifest | null;
}

/** The manifest on which a run stands, stage by stage. */
export async function currentManifest(place: Place, stage: string): Promise<Manifest | null> {
  const key = await place.refs.read(place.run, stage);
  return key === null ? null : findManifest(place.store, stage, key);
}

/**
 * Plans one stage: its key from its config and what it reads, and how that differs from what is
 * there.
 *
 * @param upstream the results it may read, by stage, finished or planned
 */
export async function planStage(
  stage: Stage,
  asked: Config,
  upstream: Readonly<Record<string, Upstream>>,
  place: Place,
): Promise<PlannedStage> {
  const inputs: Record<string, string> = {};
  const results: Record<string, string> = {};
  const isThere = (input: string) => stageOf(input) in upstream;
  const { optionalInputs = [] } = stage;
  for (const input of [...stage.inputs, ...optionalInputs.filter(isThere)]) {
    if (input === "backbone") {
      inputs[input] = await place.backboneDigest(choiceOf(asked));
      continue;
    }
    const name = stageOf(input);
    const output = input.split(".")[1];
    const result = upstream[name];
    if (result === undefined) throw new Error(`${stage.name} reads ${name}, which the plan has not`);
    inputs[input] = output === undefined ? result.key : (result.outputs[output] ?? result.key);
    results[name] = result.key;
  }
  const source = await stage.source?.(asked, place.store.path("cache"));
  const partsWith = (config: Config, library: Versions): KeyParts => ({
    stage: stage.name,
    version: stage.version,
    config: keyedConfig(stage, config),
    inputs,
    libraries: { ...versionsOf(stage.libraries), ...library },
    source: source?.fingerprint ?? null,
  });
  const current = await currentManifest(place, stage.name);
  const { config, library, engine } = await withEngine(stage, asked, current, place.engines, (...made) =>
    keyOf(partsWith(...made)),
  );
  const parts = partsWith(config, library);
  const key = keyOf(parts);
  const outputs = source?.outputs ?? {};
  const without = optionalInputs.filter((input) => !isThere(input)).map(stageOf);
  const planned = { stage, config, parts, key, outputs, results, without, engine, current };
  const unmet = unmetNeed(stage, upstream);
  if (unmet !== null) return { ...planned, engine: null, state: "left out", reasons: [unmet.reason] };
  const done = (await findManifest(place.store, stage.name, key)) !== null;
  const state = done ? "done" : current === null ? "missing" : "stale";
  const reasons =
    state === "stale" && current !== null ? differences(current.parts, parts).map(reasonOf) : [];
  return { ...planned, state, reasons };
}

/** Whether a planned stage is still to be run. */
export function isToDo({ state }: PlannedStage): boolean {
  return state === "stale" || state === "missing";
}

/** The stage whose output an input is: "index" of "index.photos". */
export function stageOf(input: string): string {
  return input.split(".")[0] ?? input;
}

/** The same, but where what is there serves as well, that is taken. */
export async function planServed(
  stage: Stage,
  config: Config,
  upstream: Readonly<Record<string, Upstream>>,
  place: Place,
): Promise<PlannedStage> {
  const planned = await planStage(stage, config, upstream, place);
  const there = isToDo(planned) ? planned.current : null;
  const serving = there === null ? null : (stage.servedBy?.(there.config, config) ?? null);
  if (serving === null) return planned;
  const served = await planStage(stage, serving, upstream, place);
  return served.state === "done" ? served : planned;
}

/** The part of a config that decides bytes. */
function keyedConfig(stage: Stage, config: Config): Config {
  const fields = Object.entries(stage.config.shape).filter(([, schema]) => inKey(schema));
  return Object.fromEntries(fields.map(([name]) => [name, config[name] ?? null]));
}

function inKey(schema: unknown): boolean {
  const meta = (schema as { meta?: () => { inKey?: boolean } | undefined }).meta?.();
  return meta?.inKey ?? true;
}

/** A backbone counts by its bytes, not by its name. */
function choiceOf({ backbone, weights, normalisation }: Config): BackboneChoice {
  if (typeof backbone !== "string") throw new Error("a stage that reads the backbone has it in its config");
  return {
    backbone,
    ...(typeof weights === "string" ? { weights } : {}),
    normalisation: normalisationOption.parse(normalisation ?? undefined),
  };
}
