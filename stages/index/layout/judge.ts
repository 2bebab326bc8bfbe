import { counted } from "../../../shared/counted.ts";
import { PipelineError } from "../../../shared/errors.ts";
import { called, photosBelow } from "../tree/folder.ts";
import { type LeftOutSum } from "../tree/left-out.ts";
import { labelsInNames } from "./file-names.ts";
import type { LayoutName } from "./layout-names.ts";
import type { DataSet, Reading } from "./reading.ts";
import { photosOfSet, unwrapped } from "./wrappers.ts";

/** What was asked for, beside the set itself. */
export interface Wanted {
  /** "auto": found out */
  readonly layout: LayoutName | "auto";
  /** a table's file; "": found out */
  readonly table: string;
}

/**
 * The reading that is right, as far as the set itself tells.
 *
 * @param sums what was left out of the tree, for the message
 * @throws PipelineError `data` where it is open which one is right, or none is sound: with what
 * each would make of the set, and the flag that chooses it
 */
export function judge(
  readings: readonly Reading[],
  data: DataSet,
  wanted: Wanted,
  sums: readonly LeftOutSum[],
): Reading {
  const asked = readings.filter(
    ({ layout, tables }) =>
      (wanted.layout === "auto" || layout === wanted.layout) &&
      (wanted.table === "" || (layout === "table" && tables.includes(wanted.table))),
  );
  const isAsked = wanted.layout !== "auto" || wanted.table !== "" || data.labelPattern !== null;
  const [first, ...more] = data.labelPattern === null ? asked : asked.filter(isByName);
  if (isAsked) {
    if (first === undefined) throw notThere(data, wanted);
    const labels = labelsOf(first);
    if (more.length === 0 && (labels.size > 1 || first.layout === "unlabelled")) return withoutClash(first);
    throw more.length > 0 ? open([first, ...more], data) : refused(asked, data, sums);
  }
  const sound = withoutContained(withoutWeak(readings.filter(({ doubts }) => doubts.length === 0)));
  const [only, ...others] = sound;
  if (only === undefined) throw refused(readings, data, sums);
  if (others.length > 0) throw open(sound, data);
  return withoutClash(only);
}

/** @throws PipelineError `data` where the reading gives a photo two labels */
function withoutClash(reading: Reading): Reading {
  const { clash = null } = reading;
  if (clash !== null) throw clash;
  return reading;
}

function isByName({ layout }: Reading): boolean {
  return layout === "file-names";
}

/**
 * Leaves out tables that list few of the photos that folders label: they speak of something else.
 */
function withoutWeak(readings: readonly Reading[]): Reading[] {
  const folders = readings.find(({ layout }) => layout.endsWith("folders"));
  if (folders === undefined) return [...readings];
  const labelled = labelsOf(folders);
  const count = folders.rows.filter(({ label }) => label !== null).length;
  return readings.filter((reading) => {
    if (reading.layout !== "table" || labelled.size < 2) return true;
    const own = reading.rows.filter(({ label }) => label !== null).length;
    return own >= count / 2;
  });
}

/** Leaves out each reading of which another one says all, and perhaps more. */
function withoutContained(readings: readonly Reading[]): Reading[] {
  return readings.filter(
    (reading, i) =>
      !readings.some((other, j) => {
        if (i === j || !contains(other, reading)) return false;
        // Of two that say the same, the one that comes first is taken.
        return !contains(reading, other) || j < i;
      }),
  );
}

/**
 * Whether `larger` labels every photo that `smaller` labels, in the same classes by whatever names.
 */
function contains(larger: Reading, smaller: Reading): boolean {
  const own = labelledPaths(larger);
  const names = new Map<string, string>();
  const back = new Map<string, string>();
  for (const [path, label] of labelledPaths(smaller)) {
    const other = own.get(path);
    if (other === undefined) return false;
    if ((names.get(label) ?? other) !== other || (back.get(other) ?? label) !== label) return false;
    names.set(label, other);
    back.set(other, label);
  }
  return true;
}

function labelledPaths({ rows }: Reading): Map<string, string> {
  const labelled = new Map<string, string>();
  for (const { path, label, problem } of rows)
    if (label !== null && (problem ?? null) === null) labelled.set(path, label);
  return labelled;
}

/** Labelled rows by label. */
function labelsOf({ rows }: Pick<Reading, "rows">): Map<string, number> {
  const labels = new Map<string, number>();
  for (const { label } of rows) if (label !== null) labels.set(label, (labels.get(label) ?? 0) + 1);
  return labels;
}

/**
 * What a reading would make of the set: "--layout class-folders: 24 photos of 2 classes: a (12), b
 * (12)".
 */
function describeReading(reading: Reading): string {
  const labels = labelsOf(reading);
  const unlabelled = reading.rows.filter(({ label }) => label === null).length;
  const classes = [...labels].slice(0, 6).map(([label, count]) => `${label} (${count})`);
  const more = labels.size > 6 ? ` and ${labels.size - 6} more` : "";
  const labelled = [...labels.values()].reduce((sum, count) => sum + count, 0);
  return [
    `${reading.flag}: ${counted(labelled, "photo")} of ${counted(labels.size, "class", "classes")}`,
    ...(labels.size > 0 ? [`: ${classes.join(", ")}${more}`] : []),
    ...(unlabelled > 0 ? [`; ${unlabelled} unlabelled`] : []),
    `; ${reading.says}`,
  ].join("");
}

function open(readings: readonly Reading[], { root }: DataSet): PipelineError {
  return new PipelineError(
    "data",
    [
      `index: expected one way to read the labels for "${root}" but got ${readings.length} that differ`,
      ...readings.map((reading) => `  ${describeReading(reading)}`),
      "  give the flag at the head of the right line (or set it in pipeline.config.ts)",
    ].join("\n"),
  );
}

function notThere({ root, unusedTables }: DataSet, { layout, table }: Wanted): PipelineError {
  const lacks = unusedTables.find(({ file }) => file === table)?.lacks;
  const asked = table !== "" ? `--table ${table}` : layout === "auto" ? "--label-from" : `--layout ${layout}`;
  return new PipelineError(
    "data",
    `index: expected ${table === "" ? "photos in that layout" : "a table that lists photos and their labels"} for "${asked}" but got ${lacks ?? "none"}\n  in ${root}`,
  );
}

/** The error that no reading is sound, with all that may help to see what the set is. */
function refused(readings: readonly Reading[], data: DataSet, sums: readonly LeftOutSum[]): PipelineError {
  const { root, top, unusedTables } = data;
  const photos = photosBelow(top);
  const names = labelsInNames(photosOfSet(top).photos);
  const lone = loneClass(readings);
  const got =
    photos.length === 0
      ? "no photo"
      : lone === null
        ? `${counted(photos.length, "photo")} and no clear sign of their classes`
        : `one class only, ${lone}`;
  const expected = lone === null ? "labelled photos" : "two classes or more";
  const doubtful = readings.filter(({ layout, rows }) => layout !== "unlabelled" && rows.length > 0);
  return new PipelineError(
    "data",
    [
      `index: expected ${expected} for "${root}" but got ${got}`,
      ...(names === null ? [] : [labelsInNamesSaid(names)]),
      ...doubtful.flatMap((reading) => [
        `  ${labelsOf(reading).size > 1 ? describeReading(reading) : reading.says}`,
        ...reading.doubts.map((doubt) => `    but ${doubt}`),
      ]),
      ...unusedTables.slice(0, 6).map(({ file, lacks }) => `  ${file} is not used: ${lacks}`),
      ...(unusedTables.length > 6 ? [`  and ${unusedTables.length - 6} more files of text`] : []),
      ...sums
        .filter(({ hint }) => hint !== "")
        .map(({ kind, count, example, hint }) => `  ${count} ${kind} (${example}): ${hint}`),
      ...waysOn(data, photos.length),
    ].join("\n"),
  );
}

function labelsInNamesSaid(names: ReadonlyMap<string, number>): string {
  const shown = [...names].slice(0, 6).map(([name, count]) => `${name} (${count})`);
  const more = names.size > 6 ? ` and ${names.size - 6} more` : "";
  return `  if the photos' names begin with their class, ${shown.join(", ")}${more}: give --label-from name`;
}

/**
 * The only class that there would be, and how many photos it has; null where that is not what is
 * wrong.
 */
function loneClass(readings: readonly Reading[]): string | null {
  const sets = readings.filter(({ layout }) => layout !== "unlabelled").map(labelsOf);
  if (sets.length === 0 || sets.some((labels) => labels.size > 1)) return null;
  const [label, count] = [...(sets.find((labels) => labels.size === 1) ?? [])][0] ?? [];
  return label === undefined ? null : `${label} (${counted(count ?? 0, "photo")})`;
}

function waysOn({ top }: DataSet, photos: number): string[] {
  if (photos === 0) return ["  give the folder that holds the photos: --data FOLDER"];
  const { folder } = unwrapped(top);
  const below = folder.folders.filter(({ count }) => count > 0).slice(0, 4);
  return [
    `  what is read: a folder a class (--data gives the folder that holds them${below.length > 0 ? `; here are ${below.map(called).join(", ")}` : ""}), or a CSV with the columns path and label`,
    "  --labels none takes the photos without labels, for their features alone",
  ];
}
