import path from "node:path";
import { currentManifest, type Place } from "../plan/plan.ts";

/** What a run has made and where it lies, a line each: printed when everything is done. */
export async function summaryOf(place: Place): Promise<string[]> {
  const [train, exported] = [await currentManifest(place, "train"), await currentManifest(place, "export")];
  const report = await currentManifest(place, "report");
  const at = (name: string) => path.relative(process.cwd(), place.store.path(name)) || name;
  const lines: string[] = [];
  if (train !== null) {
    const { accuracy, classes } = train.facts;
    const measured =
      typeof accuracy === "number" ? `, validation accuracy ${(100 * accuracy).toFixed(1)} %` : "";
    lines.push(`${at("model.onnx")}: ${shown(classes)} classes${measured}`);
  }
  if (exported !== null) {
    const { photos, shape } = exported.facts;
    const features = Array.isArray(shape) ? shape.join(" × ") : "";
    lines.push(
      `${at("features.arrow")}, ${at("features.npy")}: ${shown(photos)} photos × ${features} features`,
    );
  }
  if (report !== null) lines.push(`${at("report.html")}: how well it went, to look at in a browser`);
  return lines;
}

function shown(value: unknown): string {
  return typeof value === "number" ? value.toLocaleString("en") : "?";
}
