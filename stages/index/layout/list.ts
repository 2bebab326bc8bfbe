import { stat } from "node:fs/promises";
import path from "node:path";
import { unexpected } from "../../../shared/errors.ts";
import { contentsOf, type Contents } from "../../../shared/photo-files.ts";
import type { Listing } from "../row.ts";
import { classFolders, flatLayout, hasPartFolders, partFolders } from "./folders.ts";
import { kaggle } from "./kaggle.ts";
import { listsPhotos, table } from "./table.ts";
import { isTableName, readHeader, readTable, type Table } from "./table-file.ts";

/**
 * Lists the photos of a folder, or of a CSV or TSV file, in a layout that it finds out by itself.
 *
 * @param labels "none": photos are listed that have no labels, whatever the layout
 * @throws PipelineError `data` where nothing is there, it is in no layout known, or nothing is labelled that should be
 */
export async function list(data: string, labels: "auto" | "none" = "auto"): Promise<Listing> {
  const place = path.resolve(data);
  const found = await stat(place).catch(() => null);
  if (data === "" || found === null)
    throw unexpected("data", {
      where: "index",
      expected: "a folder of photos, or a CSV or TSV file,",
      subject: `--data ${data}`,
      got: data === "" ? "no name" : "nothing there",
    });
  const listing = found.isDirectory() ? await listFolder(place, labels) : await listFile(place);
  if (listing.rows.length === 0)
    throw unexpected("data", {
      where: "index",
      expected: "photos (JPEG, PNG, WebP)",
      subject: place,
      got: "none",
      hint: layoutsKnown,
    });
  if (labels === "auto" && listing.layout !== flatLayout && listing.rows.every((row) => row.label === null))
    throw unexpected("data", {
      where: "index",
      expected: "labelled photos",
      subject: place,
      got: `${listing.rows.length} photos without a label`,
      hint: layoutsKnown,
    });
  return listing;
}

const layoutsKnown =
  "layouts known: labels.csv of id,label with train/<id>.jpg; a folder a class; train/ validation/ test/ with a folder a class in each; a CSV or TSV of path,label[,split][,group]";

async function listFile(file: string): Promise<Listing> {
  if (isTableName(file)) {
    const read = await readTable(file);
    const folder = path.dirname(file);
    return isKaggles(read) ? kaggle(folder, await contentsOf(folder), read) : table(read);
  }
  throw unexpected("data", {
    where: "index",
    expected: "a folder, or a file named .csv or .tsv,",
    subject: "--data",
    got: file,
  });
}

async function listFolder(root: string, labels: "auto" | "none"): Promise<Listing> {
  const contents = await contentsOf(root);
  const tables = await headersIn(root, contents);
  const kaggles = tables.find(isKaggles);
  if (kaggles !== undefined) return kaggle(root, contents, await readTable(kaggles.file));
  const lists = tables.filter(listsPhotos);
  if (lists.length > 1)
    throw unexpected("data", {
      where: "index",
      expected: "one table of photos",
      subject: root,
      got: lists.map(({ file }) => path.basename(file)).join(", "),
      hint: "name the one to use: --data FILE",
    });
  if (lists[0] !== undefined) return table(await readTable(lists[0].file));
  if (await hasPartFolders(root, contents)) return partFolders(root);
  const listing = await classFolders(root);
  // Without class folders, a table that is nearly right is what was meant: say what it lacks.
  if (labels === "auto" && tables[0] !== undefined && listing.rows.every((row) => row.label === null))
    return table(await readTable(tables[0].file));
  return listing;
}

function isKaggles(read: Table): boolean {
  const isNamedSo = path.basename(read.file).toLowerCase() === "labels.csv";
  return isNamedSo && read.columns.includes("id") && !listsPhotos(read);
}

async function headersIn(root: string, { others }: Contents): Promise<Table[]> {
  const tables: Table[] = [];
  for (const name of others.filter(isTableName)) tables.push(await readHeader(path.join(root, name)));
  return tables;
}
