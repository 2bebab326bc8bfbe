import { counted } from "../../../shared/counted.ts";
import { photosBelow, withPhotos } from "../tree/folder.ts";
import { labelsInNames } from "./file-names.ts";
import type { LayoutReader } from "./reading.ts";

/** Photos right in one folder, without a folder or a table that would tell their classes. */
export const unlabelled: LayoutReader = ({ top, tables, unusedTables }) => {
  const photos = photosBelow(top);
  if (photos.length === 0) return [];
  const isFlat = withPhotos(top).length === 0;
  const names = labelsInNames(photos);
  return [
    {
      layout: "unlabelled",
      flag: "--labels none",
      says: "photos without labels",
      rows: photos.map((path) => ({ path, label: null, given: null, group: null })),
      leftOut: [],
      remarks: [],
      doubts: [
        ...(isFlat ? [] : ["the folders that they lie in may be classes or parts"]),
        ...(tables.length > 0 ? [`${tables.map(({ file }) => file).join(", ")} may hold their labels`] : []),
        ...unusedTables
          .filter(({ file }) => !/\.txt$/i.test(file))
          .slice(0, 3)
          .map(({ file, lacks }) => `${file} may hold their labels, but ${lacks}`),
        ...(names === null
          ? []
          : [`their names begin with ${counted(names.size, "word", "words")} that come again and again`]),
      ],
      tables: [],
    },
  ];
};
