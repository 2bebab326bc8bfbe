import path from "node:path";
import type { Found } from "./folder.ts";
import { sumInWords } from "../../stages/index/tree/left-out.ts";
import type { Sampled } from "./sample.ts";

/** Photos of a class below which its figures are mostly chance. */
const few = 10;

/** Classes up to which all are named. */
const named = 12;

/** "10, of 32 (hat) to 795 (t-shirt) photos: dress, hat, …" */
export function classesInWords({ classes }: Found): string {
  const ordered = [...classes].sort((a, b) => a.photos - b.photos);
  const [least, most] = [ordered[0], ordered.at(-1)];
  if (least === undefined || most === undefined) return "none";
  const spread =
    least.photos === most.photos
      ? `${least.photos} photos each`
      : `of ${least.photos} (${least.name}) to ${most.photos} (${most.name}) photos`;
  const names = classes.length > named ? "" : `: ${classes.map(({ name }) => name).join(", ")}`;
  return `${classes.length}, ${spread}${names}`;
}

/** "24 .jpg, 12 .heic, 6 without an ending": what photos are called, the most frequent first. */
export function endingsInWords(paths: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const photo of paths) {
    const ending = path.posix.extname(photo).toLowerCase() || "without an ending";
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  const ordered = [...counts].sort(([a, inA], [b, inB]) => inB - inA || (a < b ? -1 : 1));
  const more = ordered.length > 8 ? ` and ${ordered.length - 8} more endings` : "";
  return (
    ordered
      .slice(0, 8)
      .map(([ending, count]) => `${count} ${ending}`)
      .join(", ") + more
  );
}

/** "400 × 533 in the middle, 350 × 467 to 400 × 1100" */
export function sizesInWords({ photos, median, smallest, largest }: Sampled): string {
  if (median === null || smallest === null || largest === null) return `none of ${photos} could be opened`;
  const text = ({ width, height }: typeof median) => `${width} × ${height}`;
  return `${text(median)} in the middle of ${photos}, ${text(smallest)} to ${text(largest)}`;
}

/** How many times the largest class is the smallest. */
export function imbalanceOf({ classes }: Found): number {
  const counts = classes.map(({ photos }) => photos);
  return Math.max(...counts) / Math.min(...counts);
}

/** How the folder was read, and what of it is left out: a line each. */
export function notes({ listing, leftOut }: Found): string[] {
  return [...listing.remarks, ...leftOut.map(sumInWords)];
}

/** What is odd about a set, a line each, by its names and by what a sample of its headers says. */
export function oddities({ classes }: Found, sample: Sampled): string[] {
  const lonely = classes.filter(({ photos }) => photos === 1).map(({ name }) => name);
  const small = classes.filter(({ photos }) => photos > 1 && photos < few).map(({ name }) => name);
  const of = (names: readonly string[], what: string) =>
    names.length === 0
      ? []
      : [`${names.length} of ${sample.photos} photos looked at ${what}: ${some(names)}`];
  return [
    ...(lonely.length > 0
      ? [`classes of one photo, which are trained on and never measured: ${some(lonely)}`]
      : []),
    ...(small.length > 0
      ? [`classes of fewer than ${few} photos, whose figures will be mostly chance: ${some(small)}`]
      : []),
    ...alike(classes.map(({ name }) => name)).map(
      (names) => `classes that differ in case or blanks alone: ${names.join(", ")}`,
    ),
    ...(isSmall(sample)
      ? [`most photos are smaller than the ${viewSide} pixels that the network looks at: they are enlarged`]
      : []),
    ...of(sample.unreadable, "cannot be opened"),
    ...of(sample.misnamed, "are of another format than their names say (which does no harm)"),
    ...of(sample.tiny, "are tiny"),
  ];
}

/** What the embedded network sees of a photo, in pixels. */
const viewSide = 224;

function isSmall({ median }: Sampled): boolean {
  return median !== null && Math.min(median.width, median.height) < viewSide;
}

/** Groups of names that a person would take for the same. */
function alike(names: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const plain = name
      .normalize("NFC")
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, "");
    groups.set(plain, [...(groups.get(plain) ?? []), JSON.stringify(name)]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** The first few of a list. */
function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
