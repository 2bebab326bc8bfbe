import type { Artifact } from "../../../shared/artifacts/types.ts";
import { type IndexedPhotos, readIndexedPhotos } from "../../../shared/photos.ts";
import { compared, type ComparedRun, type Comparison, type Judgement } from "../compare/comparison.ts";
import { differingSettings } from "../compare/settings.ts";
import { type AnsweredPhotos, answerOf, mostProbable } from "../figures/answered.ts";
import { readAnswers } from "./answers.ts";

/** Results of a run by their stage, in the stages' order. */
export type RunResults = Readonly<Record<"index" | "augment" | "embed" | "train" | "export", Artifact>>;

/**
 * Sets a run beside another one.
 *
 * @param key of the other run's export, which names the results that it was made from
 * @param finished opens a finished result by its stage and key
 */
export async function readComparison(
  own: RunResults,
  { photos, validation }: { readonly photos: IndexedPhotos; readonly validation: AnsweredPhotos },
  key: string,
  finished: (stage: string, key: string) => Promise<Artifact>,
): Promise<Comparison> {
  const exported = await finished("export", key);
  const { results } = exported.manifest;
  const opened = (stage: string) => finished(stage, results[stage] ?? "");
  const other = {
    index: await opened("index"),
    augment: await opened("augment"),
    embed: await opened("embed"),
    train: await opened("train"),
    export: exported,
  };
  const otherPhotos = await readIndexedPhotos(other.index);
  const otherAnswers = await readAnswers(exported, otherPhotos, "validation");
  const manifests = Object.values(own).map(({ manifest }) => manifest);
  return compared(
    comparedRun(own, photos, validation),
    comparedRun(other, otherPhotos, otherAnswers),
    differingSettings(
      manifests,
      Object.fromEntries(Object.entries(other).map(([stage, { manifest }]) => [stage, manifest])),
    ),
  );
}

function comparedRun({ train }: RunResults, photos: IndexedPhotos, answered: AnsweredPhotos): ComparedRun {
  const judgements = new Map<string, Judgement>();
  answered.rows.forEach((row, i) => {
    const answer = answerOf(answered, i);
    const guess = mostProbable(answer);
    judgements.set(photos.sha256s[row] ?? "", {
      truth: photos.classes[answered.labels[i] ?? -1] ?? "",
      guess: photos.classes[guess] ?? "",
      probability: answer[guess] ?? Number.NaN,
    });
  });
  return { name: train.manifest.key.slice(0, 12), judgements };
}
