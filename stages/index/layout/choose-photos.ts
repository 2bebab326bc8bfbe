import path from "node:path";
import picomatch from "picomatch";
import { unexpected } from "../../../shared/errors.ts";
import { filtered, type Folder, photosBelow } from "../tree/folder.ts";
import type { LeftOut } from "../tree/left-out.ts";
import type { Tree } from "../tree/read-tree.ts";

/**
 * A tree with the photos that `--photos` and `--ignore` leave; the others are left out of it.
 *
 * @param photos a folder below the root, or as it is seen from where the command is given; "": all
 * of it
 * @param ignore patterns of paths from the root, with commas between them; a folder's pattern holds
 * for all in it
 * @throws PipelineError `usage` where there is no such folder
 */
export function choosePhotos(tree: Tree, photos: string, ignore: string): Tree {
  const within = photos === "" ? "" : folderBelow(tree, photos);
  const isIgnored = ignoring(ignore);
  const isInside = (file: string) => within === "" || file.startsWith(`${within}/`);
  const leftOut: LeftOut[] = photosBelow(tree.top).flatMap((photo): LeftOut[] => {
    if (!isInside(photo)) return [{ path: photo, kind: `outside --photos ${within}`, hint: "" }];
    return isIgnored(photo) ? [{ path: photo, kind: "named by --ignore", hint: "" }] : [];
  });
  const top = filtered(
    tree.top,
    (photo) => isInside(photo) && !isIgnored(photo),
    (table) => !isIgnored(table),
  );
  return { ...tree, top, leftOut: [...tree.leftOut, ...leftOut] };
}

function folderBelow({ root, top }: Tree, photos: string): string {
  const candidates = [path.resolve(root, photos), path.resolve(photos)];
  for (const place of candidates) {
    const relative = path.relative(root, place).split(path.sep).join("/");
    if (relative === "") return "";
    if (isFolder(top, relative.split("/"))) return relative;
  }
  throw unexpected("usage", {
    where: "index",
    expected: "a folder below the data folder",
    subject: `--photos ${photos}`,
    got: `none of that name in ${root}`,
    hint: `there are ${top.folders.map(({ name }) => `${name}/`).join(", ") || "no folders"}`,
  });
}

function isFolder(folder: Folder, names: readonly string[]): boolean {
  const [first, ...rest] = names;
  if (first === undefined) return true;
  const next = folder.folders.find(({ name }) => name === first);
  return next !== undefined && isFolder(next, rest);
}

function ignoring(patterns: string): (file: string) => boolean {
  const globs = patterns
    .split(",")
    .map((glob) => glob.trim().replace(/\/$/, ""))
    .filter((glob) => glob !== "");
  if (globs.length === 0) return () => false;
  const matchers = globs.map((glob) => picomatch(glob, { dot: true, basename: !glob.includes("/") }));
  return (file) => {
    const names = file.split("/");
    return names.some((_, i) => {
      const part = names.slice(0, i + 1).join("/");
      return matchers.some((matches) => matches(part));
    });
  };
}
