import { createHash } from "node:crypto";
import path from "node:path";
import { PipelineError } from "../../../shared/errors.ts";
import { versionsOf } from "../../../shared/libraries.ts";
import { inParallel } from "../../../shared/parallel.ts";
import type { Progress } from "../../../shared/progress.ts";
import { supervised } from "../../../shared/supervised/supervised.ts";
import type { ChildSetup } from "./child.ts";
import type { OpenOptions } from "./open-photo.ts";
import { openVerdictCache } from "./verdict-cache.ts";
import type { Found, ListedPhoto, Verdict } from "./verdict.ts";

/** Raised when the same bytes would get another verdict, or more is said of them. */
const verdictVersion = 3;

const patience = 60_000;
const flushEvery = 500;

/** A photo to be opened. */
export interface Photo {
  readonly path: string;
  readonly sha256: string;
}

export interface Examination {
  readonly root: string;
  /** how each is opened */
  readonly opening: OpenOptions;
  /** photos that are decoded at once */
  readonly workers: number;
  /** a folder for verdicts */
  readonly cache: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface Examined {
  /** by sha256, of every photo */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** how many were decoded now; the rest was known */
  readonly decoded: number;
}

/**
 * Opens every photo whose bytes were not opened before, header and all pixels, in a process of its
 * own.
 *
 * @throws PipelineError `data` where photos changed since they were hashed, `interrupted` on Ctrl-C
 */
export async function examine(photos: readonly Photo[], examination: Examination): Promise<Examined> {
  const { root, opening, workers, cache, progress, signal } = examination;
  const known = await openVerdictCache(path.join(cache, `verdicts-${conditions(opening)}.jsonl`));
  const verdicts = new Map<string, Verdict>();
  const listed: ListedPhoto[] = [];
  for (const { path: file, sha256 } of new Map(photos.map((photo) => [photo.sha256, photo])).values()) {
    const verdict = known.get(sha256);
    if (verdict !== undefined) verdicts.set(sha256, verdict);
    else listed.push({ file: path.resolve(root, file), sha256 });
  }
  if (listed.length === 0) return { verdicts, decoded: 0 };

  const changed: string[] = [];
  const flushes: Promise<void>[] = [];
  const bar = progress.bar("opened", listed.length, "photos");
  const setup: ChildSetup = { ...opening, workers };
  const child = supervised<ListedPhoto, Found>({
    where: "index",
    module: new URL("./child.ts", import.meta.url),
    argument: JSON.stringify(setup),
    // Two more than cores, and as many waiting: 850 photos/s on two cores, where two threads alone
    // decoded 620.
    threads: workers + 2,
    patience,
    signal,
  });
  try {
    await inParallel(listed, workers + 4, async (photo) => {
      const outcome = await child.ask(photo);
      bar.advance();
      if (outcome.kind === "crashed")
        // It may have been the machine's (memory): another run shall try again.
        verdicts.set(photo.sha256, { reason: `brings the decoder down: ${outcome.end}` });
      else if (outcome.answer === "changed") changed.push(photo.file);
      else {
        verdicts.set(photo.sha256, outcome.answer);
        known.add(photo.sha256, outcome.answer);
      }
      if (verdicts.size % flushEvery === 0) flushes.push(known.flush());
    });
  } finally {
    await child.close();
    await Promise.all(flushes);
    await known.flush();
    bar.done();
  }
  if (changed.length > 0) throw changedError(changed);
  return { verdicts, decoded: listed.length };
}

/** What a verdict depends on besides the bytes, as a short name. */
function conditions({ maxPixels, background, damaged }: OpenOptions): string {
  const text = JSON.stringify({
    verdictVersion,
    ...versionsOf(["sharp", "libheif-js"]),
    maxPixels,
    background,
    damaged,
  });
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function changedError(files: readonly string[]): PipelineError {
  const more = files.length > 20 ? [`  and ${files.length - 20} more`] : [];
  return new PipelineError(
    "data",
    [
      `index: expected the photos to stay as they are but ${files.length} changed while they were read`,
      ...files.slice(0, 20).map((file) => `  ${file}`),
      ...more,
      "  run it again when nothing writes there",
    ].join("\n"),
  );
}
