import { counted } from "../../../shared/counted.ts";
import { shellWord } from "../../../shared/shell-word.ts";
import { called, type Folder, ownPhotos, photosBelow } from "../tree/folder.ts";
import type { Split } from "../row.ts";
import type { UnnamedRow } from "./ids.ts";
import { partsNamed } from "./part-names.ts";
import type { LayoutReader } from "./reading.ts";
import { photoFolders, unwrapped, wrappersSaid } from "./wrappers.ts";

/** A folder a class: `<class>/…/<photo>`. Photos beside the class folders are unlabelled. */
export const classFolders: LayoutReader = ({ top }) => {
  const { folder, aside } = unwrapped(top);
  const { folders, aside: asideHere } = photoFolders(folder);
  if (folders.length === 0) return [];
  return [
    {
      layout: "class-folders",
      flag: "--layout class-folders",
      says: "a folder a class",
      rows: rowsOfClasses(folder, folders, null),
      leftOut: asidePhotos([...aside, ...asideHere]),
      remarks: [
        ...wrappersSaid(top, folder),
        ...(folder.photos.length > 0
          ? [
              `${counted(folder.photos.length, "photo lies", "photos lie")} beside the class folders: taken as unlabelled`,
            ]
          : []),
        ...emptyFolders(folder),
      ],
      doubts: doubtsOf(folders),
      tables: [],
    },
  ];
};

/** Rows of class folders in their order, then the photos beside them. */
export function rowsOfClasses(folder: Folder, classes: readonly Folder[], given: Split | null): UnnamedRow[] {
  const labelled = classes.flatMap((each) =>
    photosBelow(each).map((path) => ({ path, label: each.name.normalize("NFC"), given, group: null })),
  );
  const beside = ownPhotos(folder).map((path) => ({ path, label: null, given: null, group: null }));
  return [...labelled, ...beside];
}

/** Photos in folders that are named for something else, as left out. */
export function asidePhotos(folders: readonly Folder[]) {
  return folders.flatMap((folder) =>
    photosBelow(folder).map((path) => ({
      path,
      kind: `in ${called(folder)}, by its name no photos of the set`,
      hint: "",
    })),
  );
}

/** The remark on class folders without a photo. */
export function emptyFolders({ folders, path }: Folder): string[] {
  const empty = folders.filter(({ count, tables }) => count === 0 && tables.length === 0);
  if (empty.length === 0) return [];
  const names = empty.slice(0, 10).map(called).join(", ");
  return [
    `${counted(empty.length, "folder has", "folders have")} no photo${path === "" ? "" : ` in ${path}/`}: ${names}`,
  ];
}

function doubtsOf(classes: readonly Folder[]): string[] {
  const names = classes.map(({ name }) => name);
  const parts = names.filter((_, i) => partsNamed(names)[i] !== null);
  const shared = sharedBelow(classes);
  const [only, ...others] = classes;
  return [
    ...(only !== undefined && others.length === 0 ? [`there is one class only, ${called(only)}`] : []),
    ...(isPieces(names) ? [`${foldersAre(names)} named for pieces of one set, not for classes`] : []),
    ...(parts.length > 0 ? [`${foldersAre(parts)} named for parts of a set, not for classes`] : []),
    ...(shared.length > 0
      ? [
          `${names
            .slice(0, 5)
            .map((name) => `${name}/`)
            .join(
              ", ",
            )} hold the same folders (${shared.slice(0, 3).join(", ")}${shared.length > 3 ? " …" : ""}), as parts or versions of a set do: --photos ${shellWord(classes[0]?.path ?? "")} takes the first alone`,
        ]
      : []),
  ];
}

/**
 * Whether names are one name with numbers, as the pieces that a large set comes in are:
 * images_part_1, batch2.
 */
function isPieces(names: readonly string[]): boolean {
  const stems = new Set(names.map((name) => name.toLowerCase().replace(/[\s_.-]*\(?\d+\)?$/, "")));
  const [stem = ""] = stems;
  return (
    names.length > 1 &&
    stems.size === 1 &&
    names.every((name) => /\d\)?$/.test(name)) &&
    /(^|[^\p{L}])(part|piece|batch|chunk|shard|images?|imgs?|photos?|pictures|folder|volume|archive|zip)s?$/u.test(
      stem,
    )
  );
}

/** Names of folders that most of several folders have inside. */
function sharedBelow(folders: readonly Folder[]): string[] {
  const inside = folders.map((folder) => photoFolders(folder).folders.map(({ name }) => name));
  const holding = inside.filter((names) => names.length > 0);
  if (holding.length < 2 || holding.length < folders.length / 2) return [];
  const uses = new Map<string, number>();
  for (const name of holding.flat()) uses.set(name, (uses.get(name) ?? 0) + 1);
  const shared = [...uses].flatMap(([name, count]) => (count > holding.length / 2 ? [name] : []));
  return shared.length >= 2 || shared.length === uses.size ? shared : [];
}

function foldersAre(names: readonly string[]): string {
  const shown = names
    .slice(0, 5)
    .map((name) => `${name}/`)
    .join(" and ");
  return `${shown} ${names.length === 1 ? "is" : "are"}`;
}
