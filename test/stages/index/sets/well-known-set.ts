/** Files of a set by their paths; photos are empty, as listing opens none. */
export type Files = Readonly<Record<string, string>>;

/** A well-known set as it is published, small, and what is right to read in it. */
export interface WellKnownSet {
  readonly name: string;
  readonly files: Files;
  /** labelled photos by class */
  readonly counts: Readonly<Record<string, number>>;
  /** labelled photos by part; "-": those whose part index chooses itself */
  readonly parts: Readonly<Record<string, number>>;
  readonly unlabelled: number;
  /** the flag that the message names and that reads the set so; null: none is needed */
  readonly flag: string | null;
}

/** Photos named by their numbers from 0. */
export function photos(count: number, name: (i: number) => string): Files {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i), ""]));
}

/** `count` photos in each class's folder. */
export function classPhotos(
  classes: readonly string[],
  count: number,
  name: (label: string, i: number) => string,
): Files {
  return Object.assign({}, ...classes.map((label) => photos(count, (i) => name(label, i)))) as Files;
}

/** A table's text: a header, where there is one, and `count` rows. */
export function rows(header: string, count: number, row: (i: number) => string): string {
  const lines = Array.from({ length: count }, (_, i) => row(i));
  return `${[...(header === "" ? [] : [header]), ...lines].join("\n")}\n`;
}

/** Each class with the same count. */
export function each(classes: readonly string[], count: number): Readonly<Record<string, number>> {
  return Object.fromEntries(classes.map((label) => [label, count]));
}

/** The class of a photo by its number, by turns. */
export function turn(classes: readonly string[], i: number): string {
  return classes[i % classes.length] ?? "";
}
