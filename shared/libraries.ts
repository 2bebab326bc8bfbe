import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);

/** Versions of installed npm packages, by name. */
export function versionsOf(packages: readonly string[]): Record<string, string> {
  return Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
}

function versionOf(name: string): string {
  // Not require(`${name}/package.json`): a package's "exports" may hide it.
  for (let folder = path.dirname(require.resolve(name)); ; folder = path.dirname(folder)) {
    const found = readPackage(path.join(folder, "package.json"));
    if (found?.name === name && found.version !== undefined) return found.version;
    if (folder === path.dirname(folder)) throw new Error(`no package.json of ${name} above its entry`);
  }
}

function readPackage(file: string): { name?: string; version?: string } | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
  } catch {
    return null;
  }
}
