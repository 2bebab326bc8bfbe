import { readFileSync } from "node:fs";
import { exitStatus } from "../../shared/errors.ts";

/** The oldest Node that package.json's `engines` allows: "20.19". */
export function oldestNode(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { engines: { node: string } }).engines.node.replace(/^>=/, "");
}

/**
 * Whether a version is another one or newer.
 *
 * @param version "v20.20.2"
 * @param wanted "20.19": what it leaves out is 0
 */
export function isAtLeast(version: string, wanted: string): boolean {
  const [own, other] = [numbersIn(version), numbersIn(wanted)];
  const place = [0, 1, 2].find((i) => (own[i] ?? 0) !== (other[i] ?? 0));
  return place === undefined || (own[place] ?? 0) > (other[place] ?? 0);
}

function numbersIn(version: string): number[] {
  return version.replace(/^v/, "").split(".").map(Number);
}

/** Ends the process in one line where its Node is too old: what comes after would end it in many. */
export function demandNode(): void {
  const wanted = oldestNode();
  if (isAtLeast(process.version, wanted)) return;
  process.stderr.write(`pipeline: expected Node ${wanted} or newer but got ${process.version}\n`);
  process.exit(exitStatus.engine);
}
