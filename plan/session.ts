import path from "node:path";
import { folderRefs } from "../shared/artifacts/refs.ts";
import { folderStore } from "../shared/artifacts/store.ts";
import { chosenDigest, foreseenDigest } from "../shared/backbone/chosen.ts";
import { unexpected } from "../shared/errors.ts";
import { limitsHere } from "../shared/limits.ts";
import { type Part, parsePart } from "../shared/part.ts";
import type { Progress } from "../shared/progress.ts";
import type { Stage } from "../shared/stage.ts";
import { wholeNumber } from "../shared/whole-number.ts";
import type { Voice } from "../shared/voice.ts";
import { withComparison } from "./comparison.ts";
import { enginesOfThisMachine } from "./engines/machine.ts";
import { wishIn } from "./engines/resolve.ts";
import { type Option, optionsOf } from "./options.ts";
import { currentManifest, type Place } from "./plan.ts";
import type { Request } from "./plans.ts";
import { type Settings, settingsOf } from "./settings.ts";
import type { Means } from "./stage-process.ts";

/** Flags that belong to no stage: where, under which name, and with how much of the machine. */
interface CommonFlags {
  readonly run?: string;
  readonly artifacts?: string;
  readonly config?: string;
  readonly workers?: string;
  readonly part?: string;
}

/** What a command line amounts to, before anything is planned. */
export interface Asked {
  readonly request: Request;
  readonly place: Place;
  readonly means: Means;
}

export type Flags = CommonFlags & Readonly<Record<string, string | boolean | undefined>>;

/** How a command speaks and is stopped while something is fetched for it. */
export interface Asking {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** in which the stages' processes speak */
  readonly voice: Voice;
  /** whether there is only a plan to be made: nothing is fetched for it */
  readonly planning?: boolean;
}

/** Reads flags and config file. */
export async function readRequest(stages: readonly Stage[], flags: Flags, asking: Asking): Promise<Asked> {
  const options = optionsOf(stages);
  const where: Whereabouts = {
    artifacts: flags.artifacts,
    run: flags.run,
    workers:
      flags.workers === undefined
        ? undefined
        : wholeNumber("--workers", flags.workers, { where: "pipeline" }),
    part: flags.part === undefined ? undefined : parsePart(flags.part, process.env),
  };
  return requestWith(stages, options, await settingsOf(options, flags, flags.config), where, asking);
}

/** What belongs to no stage; what is undefined is as on a command line without the flag. */
export interface Whereabouts {
  readonly artifacts: string | undefined;
  readonly run: string | undefined;
  readonly workers: number | undefined;
  readonly part: Part | undefined;
}

/** What is asked for with these settings. */
export async function requestWith(
  stages: readonly Stage[],
  options: readonly Option[],
  given: Settings,
  { artifacts = "artifacts", run = "default", workers = limitsHere().usable, part }: Whereabouts,
  asking: Asking,
): Promise<Asked> {
  const root = path.resolve(artifacts);
  const place: Place = {
    store: folderStore(root),
    refs: folderRefs(root),
    run: runName(run),
    backboneDigest: digestOnce(asking),
    engines: enginesOfThisMachine(asking.progress),
  };
  const settings = await withComparison(given, place);
  await place.engines.expect(wishIn(settings));
  const means: Means = { root, workers, part: part ?? null, voice: asking.voice };
  return { request: { stages, options, settings }, place, means };
}

/** Several stages ask for the same network; its file is read once. */
function digestOnce(asking: Asking): Place["backboneDigest"] {
  const digestOf: Place["backboneDigest"] = (choice) =>
    asking.planning === true ? foreseenDigest(choice, asking) : chosenDigest(choice, asking);
  const known = new Map<string, Promise<string>>();
  return (choice) => {
    const name = JSON.stringify(choice);
    const digest = known.get(name) ?? digestOf(choice);
    known.set(name, digest);
    return digest;
  };
}

/**
 * A run goes on with its own photos: `--data` is asked for once. `otherwise` says which photos a
 * new run takes.
 */
export async function withData(asked: Asked, otherwise: () => Promise<string | null>): Promise<Asked> {
  const { request, place } = asked;
  if (request.settings.has("data")) return asked;
  const before = (await currentManifest(place, "index"))?.config["data"];
  const data = typeof before === "string" ? before : await otherwise();
  if (data === null) return asked;
  const settings: Settings = new Map([
    ...request.settings,
    ["data", { value: data, origin: `run ${place.run}` }],
  ]);
  return { ...asked, request: { ...request, settings } };
}

function runName(name: string): string {
  if (/^[\w][\w.-]*$/.test(name)) return name;
  throw unexpected("usage", {
    where: "pipeline",
    expected: "a name of letters, digits, dots, dashes and underscores",
    subject: "--run",
    got: name,
  });
}
