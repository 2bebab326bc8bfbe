import path from "node:path";
import type { Artifact, Json, Manifest } from "../../../shared/artifacts/types.ts";
import { normalisationInWords, normalisationOfFact } from "../../../shared/backbone/normalisations.ts";
import { repeatingCommand, type Setting, settingsBeside } from "./command.ts";

/** What was run, with what, on what. */
export interface WhatWasRun {
  /** the data set's name: that of its folder or file */
  readonly data: string;
  readonly layout: string;
  readonly backbone: string;
  /** its sha256, that of its weights' files */
  readonly backboneDigest: string;
  /**
   * what it was given of pixels, and from where that is known, in words; "" where the result does
   * not tell
   */
  readonly normalisation: string;
  readonly head: string;
  /** names of the blocks that were trained with the head, from the lowest */
  readonly unfrozen: readonly string[];
  /** as the setting says it: "0", "4", "all" */
  readonly unfreeze: string;
  /** side of a view, in pixels */
  readonly side: number | null;
  readonly views: number;
  /** what computed, by stage: "cpu", "cuda" */
  readonly engines: readonly { readonly stage: string; readonly engine: string }[];
  readonly libraries: Readonly<Record<string, string>>;
  readonly keys: readonly { readonly stage: string; readonly key: string }[];
  readonly settings: readonly Setting[];
  readonly command: string;
  /** counts that the index noted down, by name */
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * What the manifests of a run say of it.
 *
 * @param stages the run's results, in the pipeline's order
 * @param defaults what each field of a stage's config is where nobody gives it
 */
export function whatWasRun(
  stages: readonly Artifact[],
  defaults: Readonly<Record<string, Json>>,
  folder: string,
): WhatWasRun {
  const manifests = stages.map(({ manifest }) => manifest);
  const of = (stage: string) => manifests.find(({ parts }) => parts.stage === stage);
  const [index, augment, embed, train] = [of("index"), of("augment"), of("embed"), of("train")];
  const config = Object.assign({}, ...manifests.map((each) => each.config)) as Record<string, Json>;
  const data = textOf(config["data"]);
  const normalisation = normalisationOfFact(embed?.facts["normalisation"]);
  const settings = settingsBeside(defaults, manifests);
  return {
    data: path.basename(data) || "photos",
    layout: textOf(index?.facts["layout"]),
    backbone: path.basename(textOf(config["backbone"])),
    backboneDigest: textOf(embed?.facts["weights"]) || textOf(embed?.parts.inputs["backbone"]),
    normalisation: normalisation === null ? "" : normalisationInWords(normalisation),
    head: textOf(train?.config["head"]),
    unfrozen: textsOf(train?.facts["blocks"]),
    unfreeze: textOf(train?.config["unfreeze"]),
    side: numberOf(augment?.config["inputSize"]),
    views: numberOf(augment?.config["views"]) ?? 0,
    engines: enginesOf(manifests),
    libraries: librariesOf(manifests),
    keys: manifests.map(({ parts, key }) => ({ stage: parts.stage, key })),
    settings,
    command: repeatingCommand(settings, folder),
    counts: countsIn(index),
  };
}

function enginesOf(manifests: readonly Manifest[]): WhatWasRun["engines"] {
  return manifests.flatMap(({ parts, config }) => {
    const { engine, device } = config;
    if (typeof engine !== "string") return [];
    return [{ stage: parts.stage, engine: engine === device ? engine : `${engine} (${textOf(device)})` }];
  });
}

function librariesOf(manifests: readonly Manifest[]): Record<string, string> {
  const all = manifests.flatMap(({ parts }) => Object.entries(parts.libraries));
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function countsIn(index: Manifest | undefined): Record<string, number> {
  const facts = Object.entries(index?.facts ?? {});
  return Object.fromEntries(facts.filter((fact): fact is [string, number] => typeof fact[1] === "number"));
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}
