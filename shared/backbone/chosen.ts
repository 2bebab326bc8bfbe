import { cacheFolder } from "../cache.ts";
import type { Progress } from "../progress.ts";
import { type Backbone, loadBackbone } from "./backbone.ts";
import { type BackboneFile, findBackbone } from "./backbones.ts";

/** The fields of a config that choose a network. */
export interface BackboneChoice {
  readonly backbone: string;
  /** of a network that is built here: a safetensors file in place of the published weights */
  readonly weights?: string | undefined;
}

interface Asking {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** The file of the network that a config chooses; what has to be fetched or built for it is kept in the user's cache. */
export function chosenFile(
  { backbone, weights }: BackboneChoice,
  { progress, signal }: Asking,
): Promise<BackboneFile> {
  return findBackbone(backbone, { weights, cache: cacheFolder(), progress, signal });
}

/**
 * The network that a stage's config chooses, for views of `side` pixels.
 *
 * @throws PipelineError what `findBackbone` and `loadBackbone` throw
 */
export async function chosenBackbone(
  context: Asking & { readonly config: BackboneChoice },
  side: number,
): Promise<Backbone> {
  return loadBackbone(await chosenFile(context.config, context), side);
}
