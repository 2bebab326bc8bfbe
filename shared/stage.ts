import type { z } from "zod";
import type { Artifact, Checkpoints, Json, ShardStore } from "./artifacts/types.ts";
import type { Part } from "./part.ts";
import type { Progress } from "./progress.ts";

/** An output of another stage ("augment", "index.photos"), or the backbone's file. */
type InputName = string;

/**
 * What a stage reads from outside the store, as parts of its key, and the keys of its named
 * outputs.
 */
export interface Source {
  readonly fingerprint: Json;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Where a run of a stage reads, writes and reports. Stages know this and nothing of each other. */
export interface StageContext<Config> {
  readonly config: Config;
  readonly key: string;
  /** the fingerprint of the stage's source that its key was made with; null where it has none */
  readonly source: Json;
  /** finished results by the name of the stage that made them; an optional one may be missing */
  readonly inputs: Readonly<Record<string, Artifact>>;
  /**
   * Opens another finished result that the config names by its key.
   *
   * @throws PipelineError `artifact` where there is none of that key
   */
  readonly finished: (stage: string, key: string) => Promise<Artifact>;
  /** what each field of any stage's config is where nobody gives it; null: nothing */
  readonly defaults: Readonly<Record<string, Json>>;
  /** this stage's shards */
  readonly shards: ShardStore;
  /** of the result that is being made */
  readonly checkpoints: Checkpoints;
  /** an empty folder of this run's own, on the disk of the store, deleted afterwards */
  readonly workspace: string;
  /**
   * a folder that outlives runs, for what only makes them faster (the stat cache); safe to delete
   */
  readonly cache: string;
  /** processes or threads to use for photos */
  readonly workers: number;
  /** this process's share of the shards; null: all of them */
  readonly part: Part | null;
  readonly progress: Progress;
  /** aborted on Ctrl-C: stop within a second, leaving nothing half done in the store */
  readonly signal: AbortSignal;
}

/**
 * What a run made. Files lie in the workspace; shards were put into the shard store by the run
 * itself.
 */
export interface StageResult {
  /** names of the files in the workspace that belong to the result */
  readonly files: readonly string[];
  /** keys of the shards that make up the result, in order */
  readonly shards?: readonly string[];
  /**
   * small facts that later stages read in the manifest (the features' length, the classes' count)
   */
  readonly facts?: Readonly<Record<string, Json>>;
  /** times and rates, for run.json; no digest covers them */
  readonly figures?: Readonly<Record<string, number | string>>;
}

/** Null where this part's shards are done but other parts' are not there yet. */
type StageRun<Config> = (context: StageContext<Config>) => Promise<StageResult | null>;

/** How much there is to do, as far as the listing of the photos tells. */
export interface Scale {
  /** photos with different bytes that get all views, and those that get the clean view only */
  readonly all: number;
  readonly clean: number;
}

/** What a run of a stage would take, for `--dry-run`. */
interface Estimate {
  readonly bytes: number;
  /** how many units there are to do, and how many a second two cores did in `bench/` */
  readonly units: number;
  readonly unitsPerSecond: number;
}

/** Views of a set of photos. */
export function viewsIn({ all, clean }: Scale, config: Readonly<Record<string, Json>>): number {
  return all * (1 + Number(config["views"] ?? 1)) + clean;
}

/** A config, whatever its schema. */
type Fields = Readonly<Record<string, Json>>;

/** A stage as the pipeline sees it: its config is whatever its schema has parsed. */
export interface Stage<Config = Readonly<Record<string, Json>>> {
  readonly name: string;
  /** a line for `--help` */
  readonly summary: string;
  /** raised when the same inputs would give other bytes */
  readonly version: number;
  readonly inputs: readonly InputName[];
  /**
   * outputs of earlier stages that it reads where a plan has these stages; its key says which it
   * had
   */
  readonly optionalInputs?: readonly InputName[];
  /** Without it there is nothing to do: plans for such photos leave the stage out. */
  readonly needs?: "labels";
  /**
   * Only what this stage reads. `.describe` is the flag's help; `.meta({ inKey: false })` what
   * changes no byte.
   */
  readonly config: z.ZodObject;
  /**
   * npm packages whose versions change the bytes; that of the engine in its config is added by
   * itself
   */
  readonly libraries: readonly string[];
  /**
   * What a result made with the config `there` can stand in for: the config of that result where it
   * serves one who wants `wanted`, all other inputs being equal; else null.
   */
  readonly servedBy?: (there: Fields, wanted: Fields) => Fields | null;
  readonly source?: (config: Config, cache: string) => Promise<Source>;
  /** from the configs of all stages together, as their fields have one namespace */
  readonly estimate?: (scale: Scale, config: Readonly<Record<string, Json>>) => Estimate;
  readonly run: () => Promise<{ run: StageRun<Config> }>;
}

/**
 * What each field of the stages' configs is where nobody gives it; null where it may be left out.
 */
export function defaultsOf(stages: readonly Stage[]): Record<string, Json> {
  const fields = stages.flatMap(({ config }) => Object.entries(config.shape));
  return Object.fromEntries(
    fields.map(([name, schema]) => {
      const { data } = (schema as z.ZodType).safeParse(undefined);
      return [name, (data ?? null) as Json];
    }),
  );
}

/**
 * Declares a stage, its config's type inferred from the schema. Light: loads no engine and no image
 * library.
 */
export function defineStage<Shape extends z.ZodRawShape>(
  stage: Stage<z.infer<z.ZodObject<Shape>>> & { readonly config: z.ZodObject<Shape> },
): Stage & { readonly config: z.ZodObject<Shape> } {
  // Safe, as a stage is only ever given what its own schema has parsed.
  return stage as unknown as Stage & { readonly config: z.ZodObject<Shape> };
}
