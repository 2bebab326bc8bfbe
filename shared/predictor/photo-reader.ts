import path from "node:path";
import { type PipelineError, unexpected } from "../errors.ts";
import { supervised } from "../supervised/supervised.ts";
import type { TestTimeAugmentation } from "./asked-views.ts";
import type { AskedPixels, PhotoPixels, PhotoSource, PixelsWanted } from "./photo-pixels.ts";
import type { ChildSetup } from "./pixels-child.ts";

/** Reads photos in a process of its own. */
export interface PhotoReader {
  /**
   * @returns views · side · side · 3 bytes, RGB, the clean view first
   * @throws PipelineError `data` where the photo cannot be read, `interrupted` once the signal is
   * aborted or it is closed
   */
  read(source: PhotoSource, augmentation: TestTimeAugmentation | undefined): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * ms without any photo read after which those at work are tried one by one, and the one that takes
 * as long by itself is given up.
 */
const patience = 60_000;

export interface PhotoReaderOptions {
  /** photos that are decoded at once */
  readonly threads: number;
  readonly signal: AbortSignal;
  /** what the process runs */
  readonly module?: URL;
}

/** A reader; its process is started for the first photo. */
export function photoReader(
  wanted: PixelsWanted,
  { threads, signal, module = new URL("./pixels-child.ts", import.meta.url) }: PhotoReaderOptions,
): PhotoReader {
  const setup: ChildSetup = { ...wanted, threads };
  const reading = supervised<AskedPixels, PhotoPixels>({
    ...{ where: "predict", module, argument: JSON.stringify(setup) },
    ...{ threads, patience, signal },
  });
  return {
    async read(source, augmentation) {
      // The process stays in the folder in which it was started.
      const place = typeof source === "string" ? path.resolve(source) : source;
      const outcome = await reading.ask({ source: place, augmentation });
      if (outcome.kind === "crashed") throw unreadable(source, `it brings the decoder down: ${outcome.end}`);
      if ("unreadable" in outcome.answer) throw unreadable(source, outcome.answer.unreadable);
      return outcome.answer.pixels;
    },
    close: () => reading.close(),
  };
}

function unreadable(source: PhotoSource, got: string): PipelineError {
  return unexpected("data", {
    where: "predict",
    expected: "a photo that can be decoded",
    subject: typeof source === "string" ? source : `${source.length} bytes`,
    got,
  });
}
