import { readNpyRows } from "../../../shared/arrow/npy.ts";

/** Bytes that are read at once. */
const pieceBytes = 16 << 20;

/**
 * Some rows of a float32 array, one after another: memory holds them and one piece of the file.
 *
 * @param rows their numbers, ascending
 * @param width the numbers of one row
 * @param rowCount how many rows the file has
 * @param narrowed what becomes of a row: itself, or something shorter (a map's mean)
 */
export async function readRows(
  file: string,
  { rows, width, rowCount }: { readonly rows: Int32Array; readonly width: number; readonly rowCount: number },
  narrowed: Narrowing = { width, into: copied },
): Promise<Float32Array> {
  const wanted = new Float32Array(rows.length * narrowed.width);
  const atOnce = Math.max(1, Math.floor(pieceBytes / (4 * width)));
  let next = 0;
  while (next < rows.length) {
    const first = rows[next] as number;
    const piece = await readNpyRows(file, first, Math.min(atOnce, rowCount - first));
    const numbers = piece.rows as Float32Array;
    const held = numbers.length / width;
    for (; next < rows.length && (rows[next] as number) < first + held; next++) {
      const at = ((rows[next] as number) - first) * width;
      const target = wanted.subarray(next * narrowed.width, (next + 1) * narrowed.width);
      narrowed.into(target, numbers.subarray(at, at + width));
    }
  }
  return wanted;
}

/** Makes something shorter of a row. */
interface Narrowing {
  readonly width: number;
  into(target: Float32Array, row: Float32Array): void;
}

function copied(target: Float32Array, row: Float32Array): void {
  target.set(row);
}

/** The mean of each channel of a map [channels, height, width]. */
export function channelMeans(shape: readonly number[]): Narrowing {
  const [channels = 1, ...spatial] = shape;
  const pixels = spatial.reduce((size, length) => size * length, 1);
  return {
    width: channels,
    into(target, row) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let i = c * pixels; i < (c + 1) * pixels; i++) sum += row[i] as number;
        target[c] = sum / pixels;
      }
    },
  };
}
