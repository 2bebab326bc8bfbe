import { findManifest, finishedKeys } from "../shared/artifacts/results.ts";
import type { Manifest } from "../shared/artifacts/types.ts";
import { unexpected } from "../shared/errors.ts";
import { nearest } from "../shared/nearest.ts";
import type { Place } from "./plan.ts";
import type { Settings } from "./settings.ts";

const field = "compare";

/**
 * What `--compare` names (a run, the beginning of a training's or an export's key) as the whole key
 * of an export. That is what the report's config, and so its key, has: a page that compares with a
 * run by name would change under its key when the run moves on.
 *
 * @throws PipelineError `usage` where nothing of that name, or more than one, is there
 */
export async function withComparison(
  settings: Settings,
  place: Pick<Place, "store" | "refs">,
): Promise<Settings> {
  const given = settings.get(field);
  if (typeof given?.value !== "string") return settings;
  const key = await exportNamed(given.value, place);
  return new Map([...settings, [field, { ...given, value: key }]]);
}

async function exportNamed(name: string, place: Pick<Place, "store" | "refs">): Promise<string> {
  const exports = (await manifestsOf("export", place)).filter(({ results }) => "train" in results);
  const runs = await place.refs.runs();
  const named = runs.includes(name) ? await place.refs.read(name, "export") : null;
  if (named !== null && !exports.some(({ key }) => key === named)) throw withoutClassifier(name);
  const found = exports.filter(({ key, results }) =>
    named === null ? key.startsWith(name) || results["train"]?.startsWith(name) === true : key === named,
  );
  const trainings = new Set(found.map(({ results }) => results["train"]));
  const [first] = found;
  // Several exports of one training answer alike: they differ in the features that they hold.
  if (first !== undefined && trainings.size === 1) return first.key;
  const trained = trainings.size > 1 || runs.includes(name) ? [] : await manifestsOf("train", place);
  const near = nearest(name, runs);
  throw unexpected("usage", {
    where: "report",
    expected: "a run's name, or the beginning of the key of one exported training",
    subject: `--${field}`,
    got: trainings.size > 1 ? `${name}, with which ${trainings.size} trainings begin` : name,
    hint: trained.some(({ key }) => key.startsWith(name))
      ? `it is not exported yet: npx zx pipeline.ts export --from ${name}`
      : near === null
        ? `npx zx pipeline.ts runs lists runs and keys${runs.length === 0 ? "" : ` (there are ${runs.join(", ")})`}`
        : `did you mean ${near}?`,
  });
}

function withoutClassifier(run: string): Error {
  return unexpected("usage", {
    where: "report",
    expected: "a run with a trained classifier",
    subject: `--${field}`,
    got: `${run}, whose photos have no labels`,
    hint: "npx zx pipeline.ts runs lists the runs, with the accuracy of those that were trained",
  });
}

async function manifestsOf(stage: string, { store }: Pick<Place, "store">): Promise<Manifest[]> {
  const keys = await finishedKeys(store, stage);
  const manifests = await Promise.all(keys.map((key) => findManifest(store, stage, key)));
  return manifests.filter((manifest) => manifest !== null);
}
