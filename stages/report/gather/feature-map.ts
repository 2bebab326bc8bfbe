import { shapeFact } from "../../../shared/artifacts/facts.ts";
import type { Artifact } from "../../../shared/artifacts/types.ts";
import type { IndexedPhotos } from "../../../shared/photos.ts";
import { type FeatureMap, featureMap, photosOnMap } from "../figures/feature-map.ts";
import { channelMeans, readRows } from "./rows.ts";

/** Fewer photos make no map. */
const fewest = 10;

/** The map is drawn with one seed: it is a picture of the features, not a draw of chance. */
const seed = 0;

/** The map of the exported features; null for a handful of photos. */
export async function readFeatureMap(exported: Artifact, photos: IndexedPhotos): Promise<FeatureMap | null> {
  const rows = photosOnMap(photos, seed);
  if (rows.length < fewest) return null;
  const shape = shapeFact(exported.manifest, "shape");
  const width = shape.reduce((size, length) => size * length, 1);
  const where = { rows, width, rowCount: photos.count };
  const file = exported.file("features.npy");
  const vectors =
    shape.length > 1 ? await readRows(file, where, channelMeans(shape)) : await readRows(file, where);
  return featureMap(rows, vectors, seed);
}
