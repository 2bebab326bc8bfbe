import { numberFact } from "../../shared/artifacts/facts.ts";
import type { Backbone } from "../../shared/backbone/backbone.ts";
import { boundaryOf } from "../../shared/backbone/boundary.ts";
import { chosenBackbone } from "../../shared/backbone/chosen.ts";
import type { Engine } from "../../shared/engine/engine.ts";
import { engineNamed } from "../../shared/engine/engines.ts";
import type { IndexedPhotos, Split } from "../../shared/photos.ts";
import type { StageContext } from "../../shared/stage.ts";
import { type Head, newHead } from "../../shared/training/head.ts";
import type { Tail } from "../../shared/training/tail.ts";
import { tailAt } from "../../shared/training/tail-at.ts";
import { classWeights } from "./class-weights.ts";
import type { TrainConfig } from "./config.ts";
import { classCounts, joinExamples, type ShardExamples } from "./examples.ts";
import { trainHeadFirst } from "./head-first.ts";
import { type Maps, mapsAt } from "./maps.ts";
import { type Recipe, resolveRecipe } from "./recipe.ts";
import { type GatheredExamples, surveyMaps } from "./survey.ts";

/** What all trainings of a run have in common. */
export interface Setting {
  readonly context: StageContext<TrainConfig>;
  readonly recipe: Recipe;
  readonly backbone: Backbone;
  readonly engine: Engine;
  /** length of the vector that enters the head */
  readonly features: number;
  readonly classes: number;
  /** what enters the trained part */
  readonly maps: Maps;
  /** the clean views' pooled features; where all is frozen, the maps */
  readonly clean: Maps;
}

/** Gets ready what the trainings of a run read; computes, once, what lies between that and what embed kept. */
export async function settingOf(context: StageContext<TrainConfig>, photos: IndexedPhotos): Promise<Setting> {
  const { config, inputs } = context;
  const { embed } = inputs;
  if (embed === undefined) throw new Error("train reads embed");
  const backbone = await chosenBackbone(context, numberFact(embed.manifest, "side"));
  const engine = await engineNamed(config.engine, config.device);
  const boundary = boundaryOf(backbone, config.unfreeze);
  const wanted = new Set(photos.sha256s.filter((_, row) => isOfUse(photos.splits[row] ?? null)));
  const maps = await mapsAt(context, backbone, engine, boundary, { views: "all", photos: wanted });
  const clean =
    boundary === "pooled"
      ? maps
      : await mapsAt(context, backbone, engine, "pooled", { views: "clean", photos: wanted });
  return {
    ...{ context, backbone, engine, maps, clean },
    recipe: resolveRecipe(config),
    features: numberFact(embed.manifest, "features"),
    classes: photos.classes.length,
  };
}

function isOfUse(split: Split | null): boolean {
  return split === "train" || split === "validation";
}

/** A network about to be trained, with what it is trained and measured on. */
export interface Beginning {
  readonly tail: Tail;
  /** the tail's, trained alone already where that was wanted */
  readonly head: Head;
  /** the head before that */
  readonly fresh: Head;
  readonly train: readonly ShardExamples[];
  /** the same as rows of the clean views' pooled features */
  readonly cleanTrain: readonly ShardExamples[];
  /** what the tail is measured on */
  readonly validation: GatheredExamples;
  /** [classes] */
  readonly classWeights: Float32Array;
}

/**
 * Checks and gathers what a training needs, and puts a head on the network.
 *
 * @param photos with the split that this training is to have
 * @param headFirst whether an unfrozen network's head is trained alone first, and whether the validation photos choose its epoch
 */
export async function begin(
  setting: Setting,
  photos: IndexedPhotos,
  headFirst: "validated" | "unvalidated" | "no",
): Promise<Beginning> {
  const { context, recipe, backbone, engine, features, classes, maps, clean } = setting;
  const { config } = context;
  const frozen = maps === clean;
  const examples = await joinExamples(photos, maps.result);
  const cleanExamples = frozen ? examples : await joinExamples(photos, clean.result);
  const { standardisation, validation } = await surveyMaps(context, clean, cleanExamples);
  const fresh = newHead({
    ...{ kind: config.head, features, classes, seed: config.seed },
    // The head's operators mean the same in every operator set since 7; of the step's own, some came with 13.
    opset: Math.max(17, backbone.graph.opset),
    standardisation: recipe.standardise ? standardisation : null,
  });
  const weights = classWeights(classCounts(examples.train, classes), config.classWeights);
  const head =
    frozen || config.headEpochs === 0 || headFirst === "no"
      ? fresh
      : await trainHeadFirst(context, fresh, {
          ...{ engine, backbone, classes, classWeights: weights, maps: clean },
          ...{ examples: cleanExamples.train, validation: headFirst === "validated" ? validation : null },
        });
  return {
    ...{ head, fresh, train: examples.train, cleanTrain: cleanExamples.train, classWeights: weights },
    tail: tailAt(backbone, maps.at, head, config.batchNorm),
    validation: frozen ? validation : (await surveyMaps(context, maps, examples)).validation,
  };
}
