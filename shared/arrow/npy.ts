import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { unexpected } from "../errors.ts";
import { digestOf, type FileDigest } from "./digest.ts";
import { sizeOf } from "./tensor.ts";

const arrayTypes = {
  float32: { descr: "<f4", Numbers: Float32Array },
  int32: { descr: "<i4", Numbers: Int32Array },
  int64: { descr: "<i8", Numbers: BigInt64Array },
} as const;

/** The arrays of rows by the name of their numbers' type. */
interface RowArrays {
  float32: Float32Array;
  int32: Int32Array;
  int64: BigInt64Array;
}

export type NpyType = keyof RowArrays;
type NpyRows<Type extends NpyType = NpyType> = RowArrays[Type];

/** A `.npy` file that is being written, rows at a time. */
export interface Npy<Type extends NpyType> {
  /**
   * Writes whole rows from row `firstRow` on, anywhere, before it returns. Rows in order cost no second reading.
   *
   * @throws RangeError where they are not whole rows, or leave the array
   */
  writeRows(firstRow: number, rows: NpyRows<Type>): void;
  /** Closes the file. Rows that were never written are zeros. */
  finish(): Promise<FileDigest>;
  /** Closes the file unfinished, for whoever deletes it. Harmless after `finish`. */
  readonly abandon: () => void;
}

/**
 * Creates a NumPy array file, format 1.0, C order, little-endian, its data at a multiple of 64 bytes, and of its whole
 * length from the start.
 *
 * Source of the format: numpy/lib/format.py, NumPy 2.
 *
 * @param shape the first length is the rows'
 */
export function createNpy<Type extends NpyType>(
  path: string,
  type: Type,
  shape: readonly number[],
): Npy<Type> {
  const { descr, Numbers } = arrayTypes[type];
  const header = npyHeader(descr, shape);
  const [rowCount = 1, ...rowShape] = shape;
  const rowSize = sizeOf(rowShape);
  const total = header.byteLength + rowCount * rowSize * Numbers.BYTES_PER_ELEMENT;

  const file = openSync(path, "w");
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  // The digest grows while rows come in order; once they do not, the file is read again for it.
  const hash = createHash("sha256");
  let hashed = 0;
  let inOrder = true;
  const write = (bytes: Uint8Array, position: number) => {
    for (let done = 0; done < bytes.byteLength;)
      done += writeSync(file, bytes, done, bytes.byteLength - done, position + done);
    inOrder &&= position === hashed;
    if (!inOrder) return;
    hash.update(bytes);
    hashed += bytes.byteLength;
  };
  ftruncateSync(file, total);
  write(header, 0);
  return {
    writeRows(firstRow, rows) {
      const count = rows.length / rowSize;
      if (!Number.isInteger(count) || firstRow < 0 || firstRow + count > rowCount)
        throw new RangeError(
          `npy: expected rows of ${rowSize} numbers within ${rowCount} for "${path}" but got ${rows.length} numbers from row ${firstRow}`,
        );
      const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
      write(bytes, header.byteLength + firstRow * rowSize * Numbers.BYTES_PER_ELEMENT);
    },
    async finish() {
      close();
      return inOrder && hashed === total ? { bytes: total, sha256: hash.digest("hex") } : digestOf(path);
    },
    abandon: close,
  };
}

const magic = "\x93NUMPY";
const preambleBytes = 10;
const alignment = 64;

function npyHeader(descr: string, shape: readonly number[]): Buffer {
  const tuple = shape.length === 1 ? `(${shape.join()},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((preambleBytes + text.length + 1) / alignment) * alignment - preambleBytes;
  const header = Buffer.alloc(preambleBytes + length, " ");
  header.write(magic, "latin1");
  header.writeUInt8(1, 6); // version 1.0
  header.writeUInt8(0, 7);
  header.writeUInt16LE(length, 8);
  header.write(text, preambleBytes, "latin1");
  header.write("\n", header.length - 1);
  return header;
}

/** Rows of a `.npy` file. */
interface NpyPiece {
  readonly type: NpyType;
  /** of the whole array */
  readonly shape: readonly number[];
  readonly rows: NpyRows;
}

/**
 * Reads `count` rows from row `first` on: float32, int32 or int64, little-endian, C order, format 1.0.
 *
 * @throws PipelineError `artifact` where the file is no such array, or shorter
 */
export async function readNpyRows(path: string, first: number, count: number): Promise<NpyPiece> {
  const file = await open(path);
  try {
    const { type, shape, start } = await readHeader(file, path);
    const [rowCount = 1, ...rowShape] = shape;
    if (first < 0 || count < 0 || first + count > rowCount)
      throw new RangeError(
        `npy: expected rows within ${rowCount} for "${path}" but got ${first} to ${first + count}`,
      );
    const rowSize = sizeOf(rowShape);
    const rows = new arrayTypes[type].Numbers(count * rowSize);
    const position = start + first * rowSize * rows.BYTES_PER_ELEMENT;
    await readFully(file, new Uint8Array(rows.buffer), position, path);
    return { type, shape, rows };
  } finally {
    await file.close();
  }
}

async function readHeader(file: FileHandle, path: string) {
  const preamble = await readFully(file, Buffer.alloc(preambleBytes), 0, path);
  const length = preamble.readUInt16LE(8);
  const isNpy = preamble.toString("latin1", 0, 8) === `${magic}\x01\x00`;
  const header = isNpy ? (await readFully(file, Buffer.alloc(length), preambleBytes, path)).toString() : "";
  const descr = /'descr': *'([^']*)'/.exec(header)?.[1];
  const tuple = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1];
  const [type] = (Object.keys(arrayTypes) as NpyType[]).filter((name) => arrayTypes[name].descr === descr);
  if (type === undefined || tuple === undefined || !header.includes("'fortran_order': False"))
    throw unexpected("artifact", {
      where: "npy",
      expected: "an array of float32, int32 or int64 in C order",
      subject: path,
      got: isNpy ? header.trim() : "no .npy file of format 1.0",
    });
  const shape = tuple
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map(Number);
  return { type, shape, start: preambleBytes + length };
}

async function readFully<Bytes extends Uint8Array>(
  file: FileHandle,
  into: Bytes,
  position: number,
  path: string,
): Promise<Bytes> {
  let done = 0;
  while (done < into.byteLength) {
    const { bytesRead } = await file.read(into, done, into.byteLength - done, position + done);
    if (bytesRead === 0)
      throw unexpected("artifact", {
        where: "npy",
        expected: `${position + into.byteLength} bytes`,
        subject: path,
        got: `${position + done}`,
      });
    done += bytesRead;
  }
  return into;
}
