import { classFolders } from "./class-folders.ts";
import { classPartFolders } from "./class-part-folders.ts";
import { fileNames } from "./file-names.ts";
import { partFolders } from "./part-folders.ts";
import { partTables } from "./part-tables.ts";
import type { LayoutReader } from "./reading.ts";
import { tables } from "./table.ts";
import { unlabelled } from "./unlabelled.ts";

/** A reader a layout. Of two readings that say the same, that of the earlier reader is taken. */
export const readers: readonly LayoutReader[] = [
  partTables,
  tables,
  partFolders,
  classPartFolders,
  classFolders,
  fileNames,
  unlabelled,
];
