import path from "node:path";
import { z } from "zod";
import { currentManifest, type Place } from "../plan/plan.ts";
import type { Manifest } from "../shared/artifacts/types.ts";

/** What a run has made and where it lies, a line each: printed when everything is done. */
export async function summaryOf(place: Place): Promise<string[]> {
  const [train, exported] = [await currentManifest(place, "train"), await currentManifest(place, "export")];
  const report = await currentManifest(place, "report");
  const at = (name: string) => path.relative(process.cwd(), place.store.path(name)) || name;
  const lines: string[] = [];
  if (train !== null) {
    const { accuracy, classes } = train.facts;
    const measured = typeof accuracy === "number" ? `, validation accuracy ${percent(accuracy)} %` : "";
    lines.push(`${at("model.onnx")}: ${shown(classes)} classes${measured}${tested(exported)}`);
  }
  if (exported !== null) {
    const { photos, shape } = exported.facts;
    const features = Array.isArray(shape) ? shape.join(" × ") : "";
    lines.push(
      `${at("features.arrow")}, ${at("features.npy")}: ${shown(photos)} photos × ${features} features`,
    );
  }
  const shows = train === null ? "the photos and the map of their features" : "how well it went";
  if (report !== null) lines.push(`${at("report.html")}: ${shows}, to look at in a browser`);
  return lines;
}

/** What a labelled test part says, which chose nothing. */
function tested(exported: Manifest | null): string {
  const { success, data } = testScore.safeParse(exported?.facts["test"]);
  if (!success) return "";
  const [low, high] = data.interval;
  return `, test accuracy ${percent(data.accuracy)} % (95 %: ${percent(low)} to ${percent(high)})`;
}

const testScore = z.object({ accuracy: z.number(), interval: z.tuple([z.number(), z.number()]) });

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function shown(value: unknown): string {
  return typeof value === "number" ? value.toLocaleString("en") : "?";
}
