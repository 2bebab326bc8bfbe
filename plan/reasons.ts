import type { Difference } from "../shared/artifacts/key.ts";
import type { Json } from "../shared/artifacts/types.ts";

/** In a person's words, why a stage's result is not the one that is asked for. */
export function reasonOf({ component, before, after }: Difference): string {
  const [group = "", ...rest] = component.split(".");
  const name = rest.join(".");
  if (group === "inputs")
    return after === null ? `${name} is left out` : before === null ? `${name} is new` : `${name} changed`;
  if (group === "config") return `${name}: ${shown(before)} → ${shown(after)}`;
  if (group === "libraries") return `${name} ${shown(before)} → ${shown(after)}`;
  if (group === "source")
    return isDigest(before) || isDigest(after)
      ? `${name} changed`
      : `${name}: ${shown(before)} → ${shown(after)}`;
  return `${component}: ${shown(before)} → ${shown(after)}`;
}

function isDigest(value: Json): boolean {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function shown(value: Json): string {
  if (value === null) return "unset";
  return typeof value === "string" ? value : JSON.stringify(value);
}
