import { unexpected } from "../errors.ts";
import type { Json, Manifest } from "./types.ts";

/** A text that a result's stage noted down for later ones. */
export function textFact(manifest: Manifest, name: string): string {
  return fact(manifest, name, "a text", (value) => typeof value === "string");
}

/** A number that a result's stage noted down for later ones. */
export function numberFact(manifest: Manifest, name: string): number {
  return fact(manifest, name, "a number", (value) => typeof value === "number");
}

/** The lengths of a tensor's axes that a result's stage noted down for later ones. */
export function shapeFact(manifest: Manifest, name: string): readonly number[] {
  const isShape = (value: Json | undefined): value is readonly number[] =>
    Array.isArray(value) && value.every((length) => typeof length === "number");
  return fact(manifest, name, "a shape", isShape);
}

function fact<Value extends Json>(
  { facts, parts, key }: Manifest,
  name: string,
  expected: string,
  is: (value: Json | undefined) => value is Value,
): Value {
  const value = facts[name];
  if (is(value)) return value;
  throw unexpected("artifact", {
    where: parts.stage,
    expected: `${expected} in its manifest`,
    subject: `${key.slice(0, 12)}: ${name}`,
    got: JSON.stringify(value ?? null),
    hint: `delete ${parts.stage}/${key} under the artifacts and run ${parts.stage} again`,
  });
}
