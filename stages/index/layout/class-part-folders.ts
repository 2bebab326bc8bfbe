import { photosBelow } from "../tree/folder.ts";
import { asidePhotos } from "./class-folders.ts";
import type { UnnamedRow } from "./ids.ts";
import { partsNamed } from "./part-names.ts";
import type { LayoutReader } from "./reading.ts";
import { photoFolders, unwrapped, wrappersSaid } from "./wrappers.ts";

/** The parts inside the classes: `<class>/train/<photo>`, `<class>/test/<photo>`. */
export const classPartFolders: LayoutReader = ({ top }) => {
  const { folder, aside } = unwrapped(top);
  const classes = photoFolders(folder).folders;
  if (classes.length < 2) return [];
  const rows: UnnamedRow[] = [];
  for (const each of classes) {
    const { folders } = photoFolders(each);
    const parts = partsNamed(folders.map(({ name }) => name));
    if (each.photos.length > 0 || !parts.includes("train") || parts.includes(null)) return [];
    for (const [i, part] of folders.entries()) {
      const given = parts[i] === "unlabelled" ? null : (parts[i] ?? null);
      const label = given === null ? null : each.name.normalize("NFC");
      rows.push(...photosBelow(part).map((path) => ({ path, label, given, group: null })));
    }
  }
  const isSeveral = new Set(rows.map(({ given }) => given)).size > 1;
  return [
    {
      layout: "class-part-folders",
      flag: "--layout class-part-folders",
      says: "a folder a class, with the parts in each",
      rows,
      leftOut: asidePhotos(aside),
      remarks: wrappersSaid(top, folder),
      doubts: isSeveral ? [] : ["the folders in them name one part only"],
      tables: [],
    },
  ];
};
