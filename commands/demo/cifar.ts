import sharp from "sharp";

/** CIFAR-10's classes by their numbers (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009). */
const classNames = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
] as const;

const side = 32;
const photoBytes = side * side * 3;

/** A PNG whose every row is a photo: 1,024 RGB pixels, 32 rows of 32. */
export interface Sheet {
  /** begins the ids of its photos */
  readonly name: string;
  readonly png: string;
  /** the class number of each photo */
  readonly labels: readonly number[];
}

export interface DemoPhoto {
  readonly id: string;
  readonly label: string;
  /** a PNG file */
  readonly png: Buffer;
}

/** Positions of the first photos of each class, the same number of each, `count` in all, in the sheet's order. */
export function balanced(labels: readonly number[], count: number): number[] {
  const perClass = Math.floor(count / classNames.length);
  const taken = classNames.map(() => 0);
  const positions = labels.flatMap((label, position) => {
    const number = (taken[label] ?? perClass) + 1;
    taken[label] = number;
    return number > perClass ? [] : [position];
  });
  if (perClass === 0 || positions.length !== count)
    throw new RangeError(
      `demo: expected a multiple of ${classNames.length} that the sheet holds but got ${count}`,
    );
  return positions;
}

/** Cuts photos out of a sheet, as PNG files. */
export async function* cut(
  { name, png, labels }: Sheet,
  positions: readonly number[],
): AsyncGenerator<DemoPhoto> {
  const pixels = await sharp(png).removeAlpha().toColourspace("srgb").raw().toBuffer();
  for (const position of positions) {
    const photo = pixels.subarray(position * photoBytes, (position + 1) * photoBytes);
    yield {
      id: `${name}-${String(position).padStart(5, "0")}`,
      label: classNames[labels[position] as number] as string,
      png: await sharp(photo, { raw: { width: side, height: side, channels: 3 } })
        .png()
        .toBuffer(),
    };
  }
}
