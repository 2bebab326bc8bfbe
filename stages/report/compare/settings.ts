import type { Json, Manifest } from "../../../shared/artifacts/types.ts";
import type { DifferingSetting } from "./comparison.ts";

/** Fields that say where something lay, which tells nothing of how the runs differ. */
const places: ReadonlySet<string> = new Set(["data"]);

/**
 * The settings in which two runs differ, each named once, by the first stage that differs in it.
 *
 * @param own this run's manifests, in the stages' order
 * @param other those of the other run, by stage
 */
export function differingSettings(
  own: readonly Manifest[],
  other: Readonly<Record<string, Manifest>>,
): DifferingSetting[] {
  const rows = own.flatMap(({ parts, config }) => {
    const second = other[parts.stage]?.config ?? {};
    const fields = [...new Set([...Object.keys(config), ...Object.keys(second)])];
    return fields
      .map((field) => ({
        ...{ stage: parts.stage, field },
        ...{ own: shown(config[field]), other: shown(second[field]) },
      }))
      .filter((row) => !places.has(row.field) && row.own !== row.other);
  });
  return rows.filter((row, i) => !rows.slice(0, i).some((before) => saysTheSame(before, row)));
}

function saysTheSame(a: DifferingSetting, b: DifferingSetting): boolean {
  return a.field === b.field && a.own === b.own && a.other === b.other;
}

function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
