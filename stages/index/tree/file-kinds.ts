import { formatEndings } from "../../../shared/image/signature.ts";

/** What a file is, as far as its name tells. */
export type FileKind =
  | { readonly is: "photo" | "table" | "unknown" }
  /** neither, and what it is; `hint` says how it could be used */
  | { readonly is: "other"; readonly kind: string; readonly hint: string };

const photoEndings = [...new Set([...Object.values(formatEndings).flat(), "jif"])];

const tableEndings = ["csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson"];

interface OtherKind {
  readonly kind: string;
  readonly endings: readonly string[];
  readonly hint: string;
}

/** Their first bytes are a TIFF's, or a small JPEG's that is inside: the name alone tells them. */
export const rawKind = "camera raw files";

export const packedKind = "packed files";
const unpack = "unpack it there, and run the command again";
const asCsv = "save it as CSV";
const asJpeg = "convert them to JPEG";

const others: readonly OtherKind[] = [
  { kind: packedKind, endings: ["zip", "rar", "7z", "gz", "tgz", "bz2", "xz", "zst"], hint: unpack },
  { kind: packedKind, endings: ["tar"], hint: `${unpack} (tar -xf)` },
  { kind: "spreadsheets", endings: ["xlsx", "xls", "xlsm", "ods", "numbers"], hint: asCsv },
  {
    kind: "binary tables",
    endings: ["parquet", "arrow", "feather", "pkl", "npy", "npz", "mat", "h5", "hdf5", "tfrecord", "lmdb"],
    hint: `${asCsv}, the photos beside it`,
  },
  { kind: "drawings", endings: ["svg", "svgz", "ai", "eps", "ps", "pdf"], hint: asJpeg },
  {
    kind: rawKind,
    endings: ["cr2", "cr3", "nef", "arw", "dng", "raf", "rw2", "orf", "pef", "srw", "raw"],
    hint: asJpeg,
  },
  {
    kind: "pictures of a format that is not read",
    endings: ["jxl", "jp2", "j2k", "jpx", "psd", "xcf", "tga", "exr", "hdr", "dcm", "nii", "pcx", "ppm"],
    hint: asJpeg,
  },
  { kind: "films", endings: ["mov", "mp4", "avi", "m4v", "mkv", "webm", "mpg", "3gp"], hint: "" },
  { kind: "sounds", endings: ["wav", "mp3", "m4a", "aac", "flac", "ogg"], hint: "" },
  {
    kind: "files that are no photos",
    endings: [
      ...["xml", "md", "html", "htm", "rst", "doc", "docx", "ini", "yaml", "yml", "cfg", "log", "bak"],
      ...["py", "ipynb", "js", "ts", "sh", "bat", "m", "r", "c", "exe", "dll", "pt", "pth", "onnx"],
      ...["safetensors", "db", "sqlite", "aae", "xmp", "lock", "toml"],
    ],
    hint: "",
  },
];

const kindOfEnding = new Map<string, FileKind>([
  ...others.flatMap(({ kind, endings, hint }) =>
    endings.map((ending): [string, FileKind] => [ending, { is: "other", kind, hint }]),
  ),
  ...tableEndings.map((ending): [string, FileKind] => [ending, { is: "table" }]),
  ...photoEndings.map((ending): [string, FileKind] => [ending, { is: "photo" }]),
]);

/**
 * Also of pictures that are not read: a table of the published .ppm lists the .png made of them
 * too.
 */
const pictureEnding = new RegExp(
  `\\.(${[...photoEndings, ...others.filter(({ hint }) => hint === asJpeg).flatMap(({ endings }) => endings)].join("|")})$`,
  "i",
);

/** What a file is by the ending of its name; "unknown" where only its first bytes can tell. */
export function kindByName(name: string): FileKind {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase();
  return (ending === undefined ? undefined : kindOfEnding.get(ending)) ?? { is: "unknown" };
}

/** A photo's name, or a cell that names one, without the ending that says its format. */
export function withoutPhotoEnding(name: string): string {
  return name.replace(pictureEnding, "");
}
