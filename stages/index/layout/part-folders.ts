import type { PipelineError } from "../../../shared/errors.ts";
import { counted } from "../../../shared/counted.ts";
import type { Split } from "../row.ts";
import type { PhotoTable } from "../table/read-rows.ts";
import { called, type Folder, photosBelow } from "../tree/folder.ts";
import { asidePhotos, emptyFolders, rowsOfClasses } from "./class-folders.ts";
import { besideParts, copiedPhotos, isCopy, partsElsewhere, sameClassesElsewhere } from "./beside-parts.ts";
import type { UnnamedRow } from "./ids.ts";
import { type NamedPart, partsNamed } from "./part-names.ts";
import type { LayoutReader } from "./reading.ts";
import { labelDoubts, rowsOfTable } from "./table.ts";
import { photoFolders, unwrapped, unwrappedPart, wrappersSaid } from "./wrappers.ts";

/**
 * A folder a part: `train/`, `validation/` and `test/` under their many names, each with a folder a
 * class, or with a table of its own.
 */
export const partFolders: LayoutReader = ({ top, tables }) => {
  const { folder, aside } = unwrapped(top);
  const { folders } = photoFolders(folder);
  const named = partsNamed(folders.map(({ name }) => name));
  const parts = inOrder(
    folders.flatMap((each, i): PartFolder[] => {
      const part = named[i] ?? null;
      return part === null ? [] : [{ folder: each, part }];
    }),
  );
  if (parts.length === 0 || (parts.length === 1 && folders.length === 1)) return [];
  const others = folders.filter((_, i) => named[i] === null);
  const classes = new Set<string>();
  const read = parts.map((part) => {
    const own = readPart(part, tables, classes);
    if (part.part === "train") for (const { label } of own.rows) if (label !== null) classes.add(label);
    return own;
  });
  const copies = others.filter((each) => isCopy(each, folder));
  const strangers = others.filter((each) => !copies.includes(each));
  const isSound = others.length === 0 || (parts.length > 1 && classes.size > 0);
  return [
    {
      layout: "part-folders",
      flag: "--layout part-folders",
      says: `the parts ${parts.map(({ folder: { path } }) => `${path}/`).join(", ")}`,
      rows: read.flatMap(({ rows }) => rows),
      leftOut: [
        ...asidePhotos([...aside, ...read.flatMap((each) => each.aside)]),
        ...besideParts(strangers),
        ...copiedPhotos(copies),
      ],
      remarks: [...wrappersSaid(top, folder), ...read.flatMap(({ remarks }) => remarks)],
      doubts: [
        ...doubtsOf(parts, classes),
        ...read.flatMap(({ doubts }) => doubts),
        ...sameClassesElsewhere(others, classes),
        ...partsElsewhere(strangers),
        ...(isSound
          ? []
          : [
              `${others.map(called).join(", ")} would be left out: are these classes beside ${namesOf(parts)}?`,
            ]),
      ],
      tables: read.flatMap((each) => each.tables),
      clash: read.find(({ clash }) => clash !== null)?.clash ?? null,
    },
  ];
};

interface PartFolder {
  readonly folder: Folder;
  readonly part: NamedPart;
}

/** Training first, as it tells the classes. */
function inOrder(parts: readonly PartFolder[]): PartFolder[] {
  const order: readonly NamedPart[] = ["train", "validation", "test", "unlabelled"];
  return [...parts].sort((a, b) => order.indexOf(a.part) - order.indexOf(b.part));
}

interface ReadPart {
  readonly rows: readonly UnnamedRow[];
  readonly aside: readonly Folder[];
  readonly remarks: readonly string[];
  readonly tables: readonly string[];
  readonly clash: PipelineError | null;
  readonly doubts: readonly string[];
}

function readPart(
  { folder, part }: PartFolder,
  tables: readonly PhotoTable[],
  classes: ReadonlySet<string>,
): ReadPart {
  const inner = unwrappedPart(folder);
  const { folders, aside } = photoFolders(inner.folder);
  const given: Split | null = part === "unlabelled" ? null : part;
  const known = folders.filter(({ name }) => classes.has(name.normalize("NFC")));
  const isByFolders = folders.length > 0 && (part === "train" || known.length > 0) && given !== null;
  const setAside = [...inner.aside, ...aside];
  if (isByFolders) {
    const beside = inner.folder.photos.length;
    return {
      clash: null,
      doubts: [],
      rows: rowsOfClasses(inner.folder, folders, given),
      aside: setAside,
      remarks: [
        ...emptyFolders(inner.folder),
        ...(beside > 0
          ? [
              `${counted(beside, "photo lies", "photos lie")} in ${called(inner.folder)} beside the class folders: taken as unlabelled`,
            ]
          : []),
      ],
      tables: [],
    };
  }
  const table = given === null ? undefined : tableOf(folder, tables);
  if (table !== undefined) {
    const { rows: listed, clash } = rowsOfTable(table);
    const rows = listed.map(({ path, label, group, problem = null }) => ({
      path,
      label,
      given,
      group,
      problem,
    }));
    const paths = new Set(rows.map(({ path }) => path));
    const rest = unlabelledRows(photosBelow(inner.folder).filter((photo) => !paths.has(photo)));
    const doubts = labelDoubts(table);
    const isStranger = classes.size > 0 && !rows.some(({ label }) => label !== null && classes.has(label));
    return {
      doubts: [
        ...doubts.map((doubt) => `${table.file}: ${doubt}`),
        ...(isStranger ? [`${table.file} names no class of the training part`] : []),
      ],
      rows: [...rows, ...rest],
      aside: setAside,
      remarks: [
        `the labels in ${called(folder)} are those of ${table.file} (${table.says})`,
        ...table.remarks,
        ...(rest.length > 0
          ? [
              `${counted(rest.length, "photo", "photos")} in ${called(folder)} without a row: taken as unlabelled`,
            ]
          : []),
      ],
      tables: [table.file],
      clash,
    };
  }
  return {
    clash: null,
    doubts: [],
    rows: unlabelledRows(photosBelow(inner.folder)),
    aside: setAside,
    remarks: [
      folders.length > 0
        ? `${folders.map(called).slice(0, 5).join(", ")}: no class of the training part; ${counted(folder.count, "photo is", "photos are")} taken as unlabelled`
        : `${called(folder)} has no class folders: ${counted(folder.count, "photo is", "photos are")} taken as unlabelled`,
    ],
    tables: [],
  };
}

function unlabelledRows(photos: readonly string[]): UnnamedRow[] {
  return photos.map((path) => ({ path, label: null, given: null, group: null }));
}

/** The table whose photos all lie in a part's folder. */
function tableOf(folder: Folder, tables: readonly PhotoTable[]): PhotoTable | undefined {
  return tables.find(({ rows }) => {
    const there = rows.filter(({ problem }) => problem === null);
    return there.length > 0 && there.every(({ path }) => path.startsWith(`${folder.path}/`));
  });
}

function doubtsOf(parts: readonly PartFolder[], classes: ReadonlySet<string>): string[] {
  const train = parts.filter(({ part }) => part === "train");
  if (train.length === 0)
    return [`none of ${namesOf(parts)} is named for training: call it train/, or --photos takes one of them`];
  if (classes.size === 0)
    return [
      `${namesOf(train)} ${train.length === 1 ? "has" : "have"} no class folders, and no table gives the photos in it labels`,
    ];
  return classes.size === 1 ? [`${namesOf(train)} holds one class only, ${[...classes][0] ?? ""}`] : [];
}

function namesOf(parts: readonly PartFolder[]): string {
  return parts.map(({ folder }) => `${folder.path}/ (${counted(folder.count, "photo")})`).join(" and ");
}
