import path from "node:path";
import { digestOf } from "../../shared/artifacts/key.ts";
import { counted } from "../../shared/counted.ts";
import { unexpected } from "../../shared/errors.ts";
import { tellsDamage } from "../../shared/image/judged.ts";
import type { Progress } from "../../shared/progress.ts";
import type { StageContext, StageResult } from "../../shared/stage.ts";
import type { IndexConfig } from "./config.ts";
import { examine, type Examined } from "./decode/examine.ts";
import { isGood } from "./decode/verdict.ts";
import { expectFewBad } from "./quarantine.ts";
import { classesOf } from "./split/classes.ts";
import { expectBothParts } from "./split/assign.ts";
import { type Likeness, withLikeness } from "./likeness.ts";
import { isLabelled } from "./row.ts";
import { sourceOf } from "./source.ts";
import { scan, type Scan } from "./scan.ts";
import { splitRemarks } from "./split/remarks.ts";
import { sumInWords, sumsOf } from "./tree/left-out.ts";
import { viewsOf } from "./views.ts";
import {
  writeConflicts,
  writeIndex,
  writeJson,
  writeLeftOut,
  writeQuarantine,
  type IndexedRow,
  type QuarantinedRow,
} from "./write-tables.ts";

/** Lists, hashes and opens every photo, and writes what the other stages read of them. */
export async function run(context: StageContext<IndexConfig>): Promise<StageResult> {
  const { config, cache, workspace, workers, progress, signal } = context;
  const started = performance.now();
  const found = await scan(config, cache, signal);
  if (digestOf(sourceOf(found, config).fingerprint) !== digestOf(context.source))
    throw changedMeanwhile(found);
  progress.line(`${found.layout}, ${found.rows.length} photos in ${found.root}`);
  for (const remark of found.remarks) progress.line(remark);
  const leftOut = sumsOf(found.leftOut);
  for (const sum of leftOut) progress.line(sumInWords(sum));

  const photos = found.rows.flatMap(({ path, sha256 }) => (sha256 === null ? [] : [{ path, sha256 }]));
  const { root } = found;
  const { maxPixels, background, damaged } = config;
  const opening = { maxPixels, background, damaged };
  const examined = await examine(photos, { root, opening, workers, cache, progress, signal });
  const { good: opened, bad } = sorted(found, examined);
  expectFewBad(bad, found.rows.length, config.maxBad);
  const isGiven = found.rows.some((row) => row.given === "validation");
  const likeness = withLikeness(opened, isGiven, config);
  const good = likeness.rows;
  if (found.rows.some((row) => isLabelled(row))) expectBothParts(good.map((row) => row.split));

  const classes = classesOf(good.filter((row) => isLabelled(row)).map((row) => row.label));
  const counts = Object.fromEntries(classes.names.map((name, i) => [name, classes.members[i]?.length ?? 0]));
  writeIndex(path.join(workspace, "index.arrow"), good, classes.names);
  await writeJson(workspace, "labels.json", { labels: classes.names, counts });
  await writeJson(workspace, "photos.json", photoList(good));
  await writeQuarantine(path.join(workspace, "quarantine.csv"), bad);
  await writeConflicts(path.join(workspace, "conflicts.csv"), found.conflicts);
  await writeLeftOut(path.join(workspace, "left-out.csv"), found.leftOut);

  const facts = factsOf(found, likeness, bad, classes.names.length);
  say(facts, config, progress);
  const broken = bad.filter(({ reason }) => tellsDamage(reason)).length;
  if (broken > 0 && damaged === "drop")
    progress.line(
      `${counted(broken, "photo")} of these ${broken === 1 ? "is" : "are"} damaged: --damaged keep takes what can be decoded`,
    );
  const ofSplit = splitRemarks(good, classes.names, isGiven);
  for (const remark of ofSplit) progress.line(remark);
  for (const remark of likeness.remarks) progress.line(remark);
  const seconds = (performance.now() - started) / 1000;
  return {
    files: ["index.arrow", "labels.json", "photos.json", "quarantine.csv", "conflicts.csv", "left-out.csv"],
    facts: {
      ...facts,
      layout: found.layout,
      remarks: [...found.remarks, ...ofSplit],
      leftOut: leftOut.map((sum) => ({ ...sum })),
    },
    figures: {
      decoded: examined.decoded,
      units: examined.decoded,
      unitsPerSecond: examined.decoded / seconds,
    },
  };
}

/**
 * A result must be what its key says, also where someone copies photos into the folder right now.
 */
function changedMeanwhile({ root }: Scan): Error {
  return unexpected("data", {
    where: "index",
    expected: "the photos and labels that were there a moment ago",
    subject: root,
    got: "others: something changed them while this ran",
    hint: "run the same command again once the folder is at rest",
  });
}

function sorted(found: Scan, { verdicts }: Examined): { good: IndexedRow[]; bad: QuarantinedRow[] } {
  const good: IndexedRow[] = [];
  const bad: QuarantinedRow[] = [];
  for (const row of found.rows) {
    const { sha256 } = row;
    const verdict = sha256 === null ? undefined : verdicts.get(sha256);
    if (sha256 === null || verdict === undefined) bad.push({ ...row, reason: row.problem ?? "not opened" });
    else if (isGood(verdict)) good.push({ ...row, ...verdict, sha256 });
    else bad.push({ ...row, reason: verdict.reason });
  }
  return { good, bad };
}

/** What augment reads: which photos, in order of their sha256, and where the bytes of each lie. */
function photoList(good: readonly IndexedRow[]) {
  const views = [...viewsOf(good)].sort(([a], [b]) => (a < b ? -1 : 1));
  const paths = new Map(views.map(([sha256]) => [sha256, ""]));
  for (const row of good) if (paths.get(row.sha256) === "") paths.set(row.sha256, row.path);
  return {
    all: views.flatMap(([sha256, needed]) => (needed === "all" ? [sha256] : [])),
    clean: views.flatMap(([sha256, needed]) => (needed === "clean" ? [sha256] : [])),
    paths: Object.fromEntries(paths),
  };
}

/**
 * Numbers of photos, but for `classes` and the bits within which photos count as near-duplicates.
 */
type Counts = Readonly<
  Record<
    | "photos"
    | "labelled"
    | "unlabelled"
    | "classes"
    | "train"
    | "validation"
    | "test"
    | "duplicates"
    | "moved"
    | "conflicts"
    | "quarantined"
    | "nearDuplicates"
    | "nearDuplicateBits",
    number
  >
>;

function factsOf(
  found: Scan,
  { rows: good, isSplitAnew, near, distance }: Likeness<IndexedRow>,
  bad: readonly QuarantinedRow[],
  classes: number,
): Counts {
  const inPart = (part: string) => good.filter((row) => row.split === part).length;
  const labelled = good.filter((row) => isLabelled(row)).length;
  return {
    photos: good.length,
    labelled,
    unlabelled: good.length - labelled,
    classes,
    train: inPart("train"),
    validation: inPart("validation"),
    test: inPart("test"),
    duplicates: found.duplicates,
    moved: isSplitAnew ? 0 : found.moved,
    conflicts: found.conflicts.length,
    quarantined: bad.length,
    nearDuplicates: near,
    nearDuplicateBits: distance,
  };
}

function say(counts: Counts, { onConflict }: IndexConfig, progress: Progress): void {
  const line = (text: string) => {
    progress.line(text);
  };
  const { unlabelled } = counts;
  const parts = [
    `${counts.train} train`,
    `${counts.validation} validation`,
    ...(counts.test > 0 ? [`${counts.test} test`] : []),
    ...(unlabelled > 0 ? [`${unlabelled} unlabelled`] : []),
  ];
  if (counts.labelled === 0) line(`${counted(counts.photos, "photo")}, none of which has a label`);
  else line(`${counts.photos} photos of ${counts.classes} classes: ${parts.join(", ")}`);
  if (counts.duplicates > 0)
    line(
      `${counted(counts.duplicates, "photo repeats", "photos repeat")} another's bytes${counts.labelled === 0 ? "" : `, ${counts.moved} of them moved to its side of the split`}`,
    );
  if (counts.conflicts > 0)
    line(
      `${counted(counts.conflicts, "photo has", "photos have")} bytes that stand under different labels, ${onConflict === "drop" ? "dropped" : "kept"}: see conflicts.csv`,
    );
  if (counts.quarantined > 0)
    line(`${counted(counts.quarantined, "bad photo")} left out: see quarantine.csv`);
}
