import { open, type FileHandle } from "node:fs/promises";
import {
  AsyncRecordBatchFileReader,
  Message,
  RecordBatchFileWriter,
  RecordBatchReader,
  util,
  type RecordBatch,
  type Schema,
} from "apache-arrow";
import { unexpected } from "../errors.ts";
import { createDigestingFile, type DigestingFile, type FileDigest } from "./digest.ts";

/** An Arrow IPC file that is being written, a record batch at a time. */
export interface ArrowFile {
  /**
   * Writes the batch before it returns; memory holds no more of the file than that batch.
   *
   * @throws TypeError where the batch has other fields than the file
   * @throws RangeError where it takes 2 GiB or more: apache-arrow could not read it back
   */
  append(batch: RecordBatch): void;
  /** Writes the footer and closes the file. The digest was made on the way. */
  finish(): FileDigest;
  /** Closes the file unfinished, for whoever deletes it. Harmless after `finish`. */
  abandon(): void;
}

/** Starts an Arrow IPC file at `path`, over what is there. The schema's metadata goes with it. */
export function createArrowFile(path: string, schema: Schema): ArrowFile {
  const file = createDigestingFile(path);
  const writer = new FileWriter(file, schema);
  return {
    append(batch) {
      if (!util.compareSchemas(schema, batch.schema))
        throw new TypeError(
          `arrow: expected ${String(schema)} for "${path}" but got ${String(batch.schema)}`,
        );
      if (batch.data.byteLength >= longestBody)
        throw new RangeError(
          `arrow: expected a batch under 2 GiB for "${path}" but got ${batch.data.byteLength} bytes`,
        );
      writer.write(batch);
    },
    finish() {
      writer.finish();
      return file.finish();
    },
    abandon: file.abandon,
  };
}

const longestBody = 2 ** 31 - 1;

/**
 * apache-arrow 21.2's file writer without what is wrong with it: it queues the whole file in memory, and leaves out the
 * schema message after the magic, without which stream readers fail (Arrow columnar format 1.5, "IPC File Format").
 */
class FileWriter extends RecordBatchFileWriter {
  readonly #file: DigestingFile;

  constructor(file: DigestingFile, schema: Schema) {
    super();
    this.#file = file;
    this.reset(undefined, schema);
  }

  protected override _write(chunk: ArrayBufferView): this {
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#file.write(bytes);
    this._position += bytes.byteLength;
    return this;
  }

  protected override _writeSchema(schema: Schema): this {
    // The library's method writes the magic alone.
    super._writeSchema(schema);
    return this._writeMessage(Message.from(schema));
  }
}

/** An Arrow IPC file whose batches are read when they are asked for, past 2 GB too. */
export interface ArrowReader {
  readonly schema: Schema;
  /** how many record batches there are */
  readonly batches: number;
  /** Reads batch `index`, from 0. Batches asked for at once are read one after another. */
  batch(index: number): Promise<RecordBatch>;
  close(): Promise<void>;
}

/**
 * Opens an Arrow IPC file: reads its footer and dictionaries, no batch yet.
 *
 * @throws PipelineError `artifact` where the file does not end as an Arrow file does
 */
export async function openArrowFile(path: string): Promise<ArrowReader> {
  const file = await open(path);
  try {
    await expectMagic(file, path);
    const reader = await RecordBatchReader.from(file);
    if (!(reader instanceof AsyncRecordBatchFileReader)) throw notArrow(path, "an Arrow stream");
    await reader.open({ autoDestroy: false });
    return readerOf(path, file, reader);
  } catch (error) {
    await file.close();
    throw error;
  }
}

function readerOf(path: string, file: FileHandle, reader: AsyncRecordBatchFileReader): ArrowReader {
  // The library's reader has one position in the file, so reads take turns.
  let turn: Promise<unknown> = Promise.resolve();
  const read = async (index: number) => {
    const batch = await reader.readRecordBatch(index);
    if (batch === null)
      throw new RangeError(
        `arrow: expected a batch below ${reader.numRecordBatches} for "${path}" but got ${index}`,
      );
    return batch;
  };
  return {
    schema: reader.schema,
    batches: reader.numRecordBatches,
    batch(index) {
      const batch = turn.then(() => read(index));
      turn = batch.catch(() => undefined);
      return batch;
    },
    async close() {
      await turn;
      await file.close();
    },
  };
}

const magic = "ARROW1";

async function expectMagic(file: FileHandle, path: string): Promise<void> {
  const { size } = await file.stat();
  const ending = Buffer.alloc(magic.length);
  if (size > 2 * magic.length) await file.read(ending, 0, magic.length, size - magic.length);
  if (ending.toString("latin1") !== magic) throw notArrow(path, "another or a truncated one");
}

function notArrow(path: string, got: string) {
  return unexpected("artifact", { where: "arrow", expected: "an Arrow IPC file", subject: path, got });
}
