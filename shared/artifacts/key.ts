import { createHash } from "node:crypto";
import type { Json, KeyParts } from "./types.ts";

/** JSON with the names of every object sorted, so that equal values are equal text. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const fields = Object.entries(value as Readonly<Record<string, Json>>)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
    return `{${fields.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** The sha256 of a value's canonical JSON, hexadecimal. */
export function digestOf(value: Json): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** A result's key: known before anything runs, and a function of what decides the bytes alone. */
export function keyOf(parts: KeyParts): string {
  return digestOf(parts as unknown as Json);
}

/** A component in which two keys of a stage differ. */
export interface Difference {
  /** "config.lr", "inputs.embed", "libraries.sharp", "source.photos", "version" */
  readonly component: string;
  readonly before: Json;
  readonly after: Json;
}

/** Every component in which two keys differ: why a result that is there is not the one that is asked for. */
export function differences(before: KeyParts, after: KeyParts): Difference[] {
  const found: Difference[] = [];
  const compare = (component: string, a: Json | undefined, b: Json | undefined): void => {
    if (canonicalJson(a ?? null) === canonicalJson(b ?? null)) return;
    if (isRecord(a) && isRecord(b)) {
      const names = new Set([...Object.keys(a), ...Object.keys(b)]);
      for (const name of [...names].sort()) compare(`${component}.${name}`, a[name], b[name]);
    } else found.push({ component, before: a ?? null, after: b ?? null });
  };
  compare("version", before.version, after.version);
  compare("source", before.source, after.source);
  compare("inputs", before.inputs, after.inputs);
  compare("config", before.config, after.config);
  compare("libraries", before.libraries, after.libraries);
  return found;
}

function isRecord(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
