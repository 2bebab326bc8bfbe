import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { PipelineError } from "../../shared/errors.ts";
import type { StageContext, StageResult } from "../../shared/stage.ts";
import { type Figures, gather } from "./gather/gather.ts";
import { labelTable } from "./label-table.ts";
import { renderPage } from "./page/page.ts";
import { mapSheets } from "./pictures/map-sheets.ts";
import { makeThumbnails } from "./pictures/thumbnails.ts";
import { cutToShown, rowsShownLarge } from "./pictures/wanted.ts";
import type { Report } from "./report.ts";

export interface ReportConfig {
  readonly compare?: string | undefined;
}

/** Writes report.html: what a run's results say, with the photos that it is about. */
export async function run(context: StageContext<ReportConfig>): Promise<StageResult> {
  const { config, workspace, progress, signal } = context;
  const started = performance.now();
  const figures = cutToShown(
    await gather({
      results: resultsOf(context),
      defaults: context.defaults,
      folder: process.cwd(),
      compare: config.compare ?? null,
      finished: context.finished,
    }),
  );
  if (signal.aborted) throw new PipelineError("interrupted", "report: stopped");
  const page = renderPage(await illustrated(context, figures), {
    style: await readFile(new URL("page/page.css", import.meta.url), "utf8"),
    script: await readFile(new URL("page/page.js", import.meta.url), "utf8"),
  });
  await writeFile(path.join(workspace, "report.html"), page);
  const isTrained = figures.parts !== null;
  const labels = labelTable(figures.photos, figures.labelErrors?.ranked ?? []);
  if (isTrained) await writeFile(path.join(workspace, "label-errors.csv"), labels);
  const bytes = Buffer.byteLength(page);
  progress.line(`report.html, ${(bytes / 1e6).toFixed(1)} MB`);
  const { count } = figures.photos;
  return {
    files: ["report.html", ...(isTrained ? ["label-errors.csv"] : [])],
    facts: { photos: count, bytes },
    figures: { units: count, unitsPerSecond: (count * 1000) / (performance.now() - started) },
  };
}

function resultsOf({ inputs }: StageContext<ReportConfig>) {
  const { index, augment, embed, train, export: exported } = inputs;
  if (index === undefined || augment === undefined || embed === undefined || exported === undefined)
    throw new Error("report reads index, augment, embed and export");
  return { index, augment, embed, train: train ?? null, export: exported };
}

/** Puts the photos to the figures that are about them. */
async function illustrated(
  { inputs, signal }: StageContext<ReportConfig>,
  { layout, ...figures }: Figures,
): Promise<Report> {
  const { augment } = inputs;
  if (augment === undefined) throw new Error("report reads augment");
  const { sha256s } = figures.photos;
  const named = (rows: Iterable<number>) => Array.from(rows, (row) => sha256s[row] ?? "");
  const rows = rowsShownLarge({ ...figures, layout });
  const onMap = named(layout?.rows ?? []);
  const { large, small } = await makeThumbnails(
    augment,
    { large: new Set(named(rows)), small: new Set(onMap) },
    signal,
  );
  const uris = [...rows].flatMap((row): [number, string][] => {
    const uri = large.get(sha256s[row] ?? "");
    return uri === undefined ? [] : [[row, uri]];
  });
  const pixels = onMap.flatMap((sha256) => small.get(sha256) ?? []);
  return {
    ...figures,
    thumbnails: new Map(uris),
    map: layout === null ? null : { layout, pictures: await mapSheets(pixels) },
  };
}
