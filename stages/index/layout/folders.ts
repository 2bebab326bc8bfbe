import { counted } from "../../../shared/counted.ts";
import path from "node:path";
import { contentsOf, photosBelow, type Contents } from "../../../shared/photo-files.ts";
import type { Listing, Split } from "../row.ts";
import { withIds, type UnnamedRow } from "./ids.ts";
import { splitNamed } from "./split-names.ts";

/** Of photos that nothing gives labels to. */
export const flatLayout = "a folder of photos, without class folders";

/** A folder a class: `<class>/…/<photo>`. Photos beside the class folders are unlabelled. */
export async function classFolders(root: string): Promise<Listing> {
  const rows = await rowsOfClasses(root, "", null);
  const loose = rows.filter((row) => row.label === null).length;
  if (loose === rows.length) return { layout: flatLayout, root, rows: withIds(rows), remarks: [] };
  return {
    layout: "a folder a class",
    root,
    rows: withIds(rows),
    remarks:
      loose > 0
        ? [`${counted(loose, "photo lies", "photos lie")} beside the class folders: taken as unlabelled`]
        : [],
  };
}

/** `train/`, `validation/` and `test/`, each with a folder a class. Photos right in a part's folder are unlabelled. */
export async function partFolders(root: string): Promise<Listing> {
  const { folders } = await contentsOf(root);
  const parts = partsAmong(folders);
  const rows: UnnamedRow[] = [];
  for (const { folder, split } of parts) rows.push(...(await rowsOfClasses(root, folder, split)));
  const ignored = folders.filter((name) => splitNamed(name) === null);
  return {
    layout: `${parts.map(({ folder }) => `${folder}/`).join(" ")} with a folder a class in each`,
    root,
    rows: withIds(rows),
    remarks: ignored.length > 0 ? [`left out, as they name no part: ${ignored.join(", ")}`] : [],
  };
}

/** Whether a folder's `train/` holds folders: then its folders are parts, not classes. */
export async function hasPartFolders(root: string, { folders }: Contents): Promise<boolean> {
  const train = partsAmong(folders).find(({ split }) => split === "train");
  return train !== undefined && (await contentsOf(path.join(root, train.folder))).folders.length > 0;
}

interface PartFolder {
  readonly folder: string;
  readonly split: Split;
}

/** The folders that name a part, training first. */
function partsAmong(folders: readonly string[]): PartFolder[] {
  const order: readonly Split[] = ["train", "validation", "test"];
  return folders
    .flatMap((folder) => {
      const split = splitNamed(folder);
      return split === null ? [] : [{ folder, split }];
    })
    .sort((a, b) => order.indexOf(a.split) - order.indexOf(b.split));
}

async function rowsOfClasses(root: string, folder: string, given: Split | null): Promise<UnnamedRow[]> {
  const { folders, photos } = await contentsOf(path.join(root, folder));
  const rows: UnnamedRow[] = [];
  for (const label of folders)
    for (const photo of await photosBelow(root, path.posix.join(folder, label)))
      rows.push({ path: photo, label, given, group: null });
  for (const photo of photos)
    rows.push({ path: path.posix.join(folder, photo), label: null, given: null, group: null });
  return rows;
}
