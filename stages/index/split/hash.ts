import { randomFor } from "../../../shared/random.ts";

/**
 * Whether a photo, or a group of photos, is on the validation side: a function of its own name alone, so that a set that
 * grows never reshuffles.
 *
 * @param name the photo's sha256, or the group's name
 * @param fraction of the names for validation, in (0, 1): about that many
 */
export function isValidationByHash(name: string, fraction: number, seed: number): boolean {
  return randomFor("split", seed, name)() < fraction;
}
