import { cacheFolder } from "../cache.ts";
import type { GivenNormalisation } from "../options.ts";
import type { Progress } from "../progress.ts";
import { type Backbone, loadBackbone } from "./backbone.ts";
import { type BackboneFile, digestOfBackbone, findBackbone } from "./backbones.ts";
import { resNets } from "./resnet.ts";

/** The fields of a config that choose a network. */
export interface BackboneChoice {
  readonly backbone: string;
  /** of a network that is built here: a safetensors file in place of the published weights */
  readonly weights?: string | undefined;
  /** what the network wants of pixels; left out: what its file, or one beside it, says */
  readonly normalisation?: GivenNormalisation | undefined;
}

interface Asking {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * The file of the network that a config chooses; what has to be fetched or built for it is kept in
 * the user's cache.
 */
export function chosenFile(
  { backbone, weights, normalisation }: BackboneChoice,
  { progress, signal }: Asking,
): Promise<BackboneFile> {
  return findBackbone(backbone, { weights, cache: cacheFolder(), progress, signal }, { normalisation });
}

/** The part that the network which a config chooses has in keys. */
export async function chosenDigest(choice: BackboneChoice, asking: Asking): Promise<string> {
  return digestOfBackbone(await chosenFile(choice, asking));
}

/**
 * The digest of the network that a config chooses, with nothing fetched or built for it.
 *
 * @returns of a network that was never built here, words that are no digest
 */
export async function foreseenDigest(choice: BackboneChoice, asking: Asking): Promise<string> {
  if (!Object.hasOwn(resNets, choice.backbone)) return chosenDigest(choice, asking);
  const { recordedBackbone } = await import("./built.ts");
  const recorded = await recordedBackbone(choice.backbone, { ...choice, cache: cacheFolder() });
  if (recorded !== null) return recorded;
  const todo = choice.weights === undefined ? "fetched and built" : `built from ${choice.weights}`;
  asking.progress.line(`backbone: ${choice.backbone} would be ${todo}`);
  return `${choice.backbone} that is not built yet`;
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
