import path from "node:path";
import { photoLookup } from "../table/photo-lookup.ts";
import { listsPhotos, type PhotoTable, readRows, type UnusedTable } from "../table/read-rows.ts";
import { withNumberedLists } from "../table/numbered-lists.ts";
import { readTable, type TableFile } from "../table/read-table.ts";
import { withoutPhotoEnding } from "../tree/file-kinds.ts";
import { called, type Folder, photosBelow } from "../tree/folder.ts";
import { labelPatternOf, type ListConfig } from "./list-config.ts";
import type { DataSet } from "./reading.ts";

/**
 * A data set as the layouts' readers see it: its tree, and every table in it read.
 *
 * @param root absolute
 * @throws PipelineError `data` where a table's split column holds what is no part
 */
export async function dataSetOf(
  root: string,
  top: Folder,
  config: ListConfig,
): Promise<Omit<DataSet, "onlyListed">> {
  const photos = photosBelow(top);
  const lookup = photoLookup(root, photos);
  const tables: PhotoTable[] = [];
  const unusedTables: UnusedTable[] = [];
  const { files, passedOver } = tableFiles(top, photos);
  const asked = config.table === "" ? files : [tableBelow(root, config.table)];
  const texts: TableFile[] = [];
  // A table that is asked for may be a numbered list: its companions are read beside it.
  for (const file of new Set([...asked, ...files])) texts.push(await readTable(root, file, config.encoding));
  for (const table of withNumberedLists(texts, lookup)) {
    if (!asked.includes(table.file)) continue;
    const read = await readRows(root, table, lookup, config);
    if (listsPhotos(read)) tables.push(read);
    else unusedTables.push(read);
  }
  if (config.table === "") unusedTables.push(...passedOver);
  return { root, top, tables, unusedTables, labelPattern: labelPatternOf(config.labelFrom) };
}

/**
 * A table's file relative to the root, whether it is given from there or from where the command is
 * given.
 */
export function tableBelow(root: string, table: string): string {
  const isInside = !path.relative(root, path.resolve(table)).startsWith("..");
  const place = isInside ? path.resolve(table) : path.resolve(root, table);
  return path.relative(root, place).split(path.sep).join("/");
}

/** More tables in one folder than anybody lists photos with. */
const mostInFolder = 50;

/** The tables that are looked at, and folders whose tables are not. */
function tableFiles(top: Folder, photos: readonly string[]) {
  const stems = new Set(photos.map((photo) => withoutPhotoEnding(path.posix.basename(photo))));
  const files: string[] = [];
  const passedOver: UnusedTable[] = [];
  const walk = (folder: Folder) => {
    const { tables } = folder;
    const ofPhotos = tables.filter((name) => stems.has(name.replace(/\.\w+$/, ""))).length;
    if (ofPhotos >= 5 && ofPhotos > tables.length / 2)
      passedOver.push({
        file: called(folder),
        lacks: `its ${tables.length} files of text are named as photos are: boxes or captions, as YOLO's, and no classes`,
      });
    else if (tables.length > mostInFolder)
      passedOver.push({
        file: called(folder),
        lacks: `${tables.length} files of text are too many to look at`,
      });
    else files.push(...tables.map((name) => path.posix.join(folder.path, name)));
    for (const each of folder.folders) walk(each);
  };
  walk(top);
  return { files, passedOver };
}
