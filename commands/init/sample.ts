import { readFile } from "node:fs/promises";
import path from "node:path";
import { readableFormat, sizeOf } from "../../shared/image/decode.ts";
import { prepareSharp } from "../../shared/image/prepare-sharp.ts";
import { formatEndings } from "../../shared/image/signature.ts";
import { permutation, randomFor } from "../../shared/random.ts";

/** What the headers of some photos say. */
export interface Sampled {
  readonly photos: number;
  /** width and height of the photo in the middle, by area; null where none could be opened */
  readonly median: Size | null;
  readonly smallest: Size | null;
  readonly largest: Size | null;
  /**
   * paths of photos that could not be opened, whose shorter side is short of `tiny`, and whose name
   * tells another format
   */
  readonly unreadable: readonly string[];
  readonly tiny: readonly string[];
  readonly misnamed: readonly string[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels of the shorter side below which a network made for 224 has little to look at. */
const tiny = 32;

/** Some of the paths, the same ones every time. */
export function someOf(paths: readonly string[], count: number): string[] {
  const order = permutation(paths.length, randomFor("init", paths.length));
  return [...order.subarray(0, count)].sort((a, b) => a - b).map((i) => paths[i] as string);
}

/**
 * Opens photos' headers. Damage further on is found by `index`, which decodes every photo whole.
 *
 * @param paths relative to `root`
 */
export async function sampled(root: string, paths: readonly string[]): Promise<Sampled> {
  prepareSharp();
  const seen: { readonly name: string; readonly header: Header | null }[] = [];
  for (const name of paths)
    seen.push({ name, header: await headerOf(path.join(root, name)).catch(() => null) });
  const sizes = seen
    .flatMap(({ header }) => (header === null ? [] : [header.size]))
    .sort((a, b) => a.width * a.height - b.width * b.height);
  const namesOf = (wanted: (header: Header) => boolean) =>
    seen.flatMap(({ name, header }) => (header !== null && wanted(header) ? [name] : []));
  return {
    photos: paths.length,
    median: sizes[Math.floor(sizes.length / 2)] ?? null,
    smallest: sizes[0] ?? null,
    largest: sizes.at(-1) ?? null,
    unreadable: seen.flatMap(({ name, header }) => (header === null ? [name] : [])),
    tiny: namesOf(({ size }) => Math.min(size.width, size.height) < tiny),
    misnamed: seen.flatMap(({ name, header }) =>
      header === null || isNamedFor(name, header.format) ? [] : [`${name} (${header.format})`],
    ),
  };
}

interface Header {
  readonly size: Size;
  /** "JPEG", "HEIC" */
  readonly format: string;
}

/** @throws Error where it is no photo that is read here */
async function headerOf(file: string): Promise<Header> {
  const bytes = await readFile(file);
  return { size: await sizeOf(bytes), format: readableFormat(bytes) };
}

/**
 * Whether a file's ending is one that its format is known by, or one that says nothing of a format.
 */
function isNamedFor(name: string, format: string): boolean {
  const ending = path.extname(name).slice(1).toLowerCase();
  const isTelling = Object.values(formatEndings).some((endings) => endings.includes(ending));
  return !isTelling || (formatEndings[format] ?? []).includes(ending);
}
