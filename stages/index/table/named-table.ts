import { plainName } from "./column-names.ts";

/** A table with the names of its columns. */
export interface NamedTable {
  readonly header: readonly string[];
  /** whether the file itself has these names */
  readonly isHeaderOwn: boolean;
  readonly rows: readonly (readonly string[])[];
}

/** Why a table's columns do not list labelled photos. */
export interface Lack {
  readonly lacks: string;
}

/** The column of a name that a person gives, or that there is none. */
export function named(header: readonly string[], name: string, flag: string): number | Lack {
  const column = header.findIndex((each) => plainName(each) === plainName(name) || each === name);
  return column !== -1
    ? column
    : { lacks: `it has no column ${name} (--${flag}); it has ${header.join(", ")}` };
}

/** The first few of some names. */
export function some(names: readonly string[]): string {
  return names.slice(0, 6).join(", ") + (names.length > 6 ? ` and ${names.length - 6} more` : "");
}
