import { shapeFact } from "../../../shared/artifacts/facts.ts";
import type { Artifact } from "../../../shared/artifacts/types.ts";
import { openArrowFile } from "../../../shared/arrow/file.ts";
import type { IndexedPhotos } from "../../../shared/photos.ts";
import { photosOnMap } from "../figures/feature-map.ts";

/** A photo's width and height in pixels, upright. */
export interface PhotoSize {
  readonly width: number;
  readonly height: number;
}

/** What there is to say of photos without labels. */
export interface Overview {
  /** how many have different bytes */
  readonly different: number;
  /** by area */
  readonly sizes: { readonly smallest: PhotoSize; readonly middle: PhotoSize; readonly largest: PhotoSize };
  /** of the exported features of one photo */
  readonly shape: readonly number[];
  /** rows of the photos that are shown */
  readonly shown: readonly number[];
}

const photosShown = 24;

/** The same photos are shown every time. */
const seed = 0;

/** What is said of a set of photos of which nothing is known but how they look. */
export async function readOverview(
  index: Artifact,
  exported: Artifact,
  photos: IndexedPhotos,
): Promise<Overview> {
  const sizes = await readSizes(index);
  const byArea = sizes.sort((a, b) => a.width * a.height - b.width * b.height);
  const [smallest, middle, largest] = [byArea[0], byArea[Math.floor(byArea.length / 2)], byArea.at(-1)];
  if (smallest === undefined || middle === undefined || largest === undefined)
    throw new Error("an index lists one photo at least");
  return {
    different: new Set(photos.sha256s).size,
    sizes: { smallest, middle, largest },
    shape: shapeFact(exported.manifest, "shape"),
    shown: [...photosOnMap(photos, seed, photosShown)],
  };
}

async function readSizes(index: Artifact): Promise<PhotoSize[]> {
  const table = await openArrowFile(index.file("index.arrow"));
  try {
    const sizes: PhotoSize[] = [];
    for (let i = 0; i < table.batches; i++) {
      const batch = await table.batch(i);
      const heights = [...numbersOf(batch.getChild("height"))];
      for (const [row, width] of [...numbersOf(batch.getChild("width"))].entries())
        sizes.push({ width, height: heights[row] ?? Number.NaN });
    }
    return sizes;
  } finally {
    await table.close();
  }
}

function* numbersOf(column: Iterable<unknown> | null): Generator<number> {
  for (const value of column ?? []) yield Number(value);
}
