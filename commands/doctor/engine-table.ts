import Table from "cli-table3";
import type { Json } from "../../shared/artifacts/types.ts";
import type { Outcome } from "../../shared/engine/trial/trial.ts";

/** An engine, tried on the chosen backbone. */
export interface Examined {
  readonly engine: string;
  readonly device: string;
  readonly outcome: Outcome;
}

/**
 * The table of engines: what works, how fast, and what would mend what does not.
 *
 * @param images that went through at once
 * @param tolerance of the largest difference from `cpu` over the largest value
 */
export function engineTable(examined: readonly Examined[], images: number, tolerance: number): string {
  const table = new Table({
    head: ["engine", "device", "library", "works", "img/s"],
    colAligns: ["left", "left", "left", "left", "right"],
    style: { head: [], border: [] },
  });
  for (const { engine, device, outcome } of examined) {
    if (outcome.works)
      table.push([
        ...[engine, device, `${outcome.library.name} ${outcome.library.version}`],
        verdict(outcome.differences, tolerance),
        ((images * 1000) / outcome.milliseconds).toFixed(1),
      ]);
    else table.push([engine, device, "", "no", ""]);
  }
  return table.toString();
}

/** An engine for machines. */
export function engineInJson({ engine, device, outcome }: Examined, images: number): Json {
  if (!outcome.works) return { engine, device, works: false, why: outcome.why, hint: outcome.hint };
  const { library, milliseconds, differences } = outcome;
  const imagesPerSecond = (images * 1000) / milliseconds;
  return {
    engine,
    device,
    works: true,
    library: { ...library },
    imagesPerSecond,
    difference: largest(differences),
  };
}

/** A line for each engine that does not work: why not, and what would mend it. */
export function remedies(examined: readonly Examined[], tolerance: number): string[] {
  return examined.flatMap(({ engine, device, outcome }) => {
    if (!outcome.works)
      return [`${engine} (${device}): ${outcome.why}${outcome.hint === "" ? "" : `\n  ${outcome.hint}`}`];
    return largest(outcome.differences) <= tolerance
      ? []
      : [
          `${engine} (${device}): its features differ from cpu's\n  npx zx pipeline.ts doctor --trace ${engine} says at which node it begins`,
        ];
  });
}

function verdict(differences: Readonly<Record<string, number>>, tolerance: number): string {
  const difference = largest(differences);
  return difference <= tolerance ? "yes" : `differs by ${difference.toExponential(1)}`;
}

function largest(differences: Readonly<Record<string, number>>): number {
  return Math.max(0, ...Object.values(differences));
}
