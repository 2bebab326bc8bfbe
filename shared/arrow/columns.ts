import {
  Dictionary,
  Field,
  Float32,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Struct,
  Utf8,
  util,
  Vector,
  type Data,
  type DataType,
  type Schema,
} from "apache-arrow";

/** A column of text. Its field: `new Field(name, new Utf8(), whether there may be nulls)`. */
export function utf8Column(values: readonly (string | null)[]): Data<Utf8> {
  const valueOffsets = new Int32Array(values.length + 1);
  let end = 0;
  values.forEach((value, i) => (valueOffsets[i + 1] = end += Buffer.byteLength(value ?? "")));
  const data = new Uint8Array(end);
  const encoder = new TextEncoder();
  values.forEach((value, i) => encoder.encodeInto(value ?? "", data.subarray(valueOffsets[i])));
  const text = { type: new Utf8(), length: values.length, valueOffsets, data };
  if (!values.includes(null)) return makeData({ ...text, nullCount: 0 });
  return makeData({ ...text, ...nullsOf(values.length, (i) => values[i] === null) });
}

/** A column of int32 without nulls, on the array itself. */
export function int32Column(data: Int32Array): Data<Int32> {
  return makeData({ type: new Int32(), length: data.length, nullCount: 0, data });
}

/** A column of int64 without nulls, on the array itself. */
export function int64Column(data: BigInt64Array): Data<Int64> {
  return makeData({ type: new Int64(), length: data.length, nullCount: 0, data });
}

/** A column of float32 without nulls, on the array itself. */
export function float32Column(data: Float32Array): Data<Float32> {
  return makeData({ type: new Float32(), length: data.length, nullCount: 0, data });
}

/** The words of one or more columns of a file, which name them by their numbers. */
export interface Words {
  field(name: string): Field<Dictionary<Utf8, Int32>>;
  /** @param indices numbers of words; -1 is null */
  column(indices: Int32Array): Data<Dictionary<Utf8, Int32>>;
}

/**
 * A dictionary for a whole file. The file format allows each dictionary to be written once, so all batches take their
 * columns from the same `Words`; columns with the same words (a label and its prediction) may share one.
 *
 * @param id the dictionary's number in the file: given, because apache-arrow's own counter would make the bytes depend on
 * what the process wrote before
 */
export function words(id: number, values: readonly string[]): Words {
  const type = new Dictionary(new Utf8(), new Int32(), id);
  const dictionary = new Vector([utf8Column(values)]);
  return {
    field: (name) => new Field(name, type, true),
    column(indices) {
      for (const index of indices)
        if (index >= values.length || index < -1)
          throw new RangeError(
            `arrow: expected a word's number below ${values.length}, or -1, but got ${index}`,
          );
      const nulls = nullsOf(indices.length, (i) => indices[i] === -1);
      // polars refuses a number below 0 even where the row is null.
      const data = indices.map((index) => Math.max(index, 0));
      return makeData({ type, length: data.length, ...nulls, data, dictionary });
    },
  };
}

function nullsOf(length: number, isNull: (i: number) => boolean) {
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  for (let i = 0; i < length; i++)
    if (isNull(i)) nullCount++;
    else nullBitmap[i >> 3] = (nullBitmap[i >> 3] as number) | (1 << (i & 7));
  return { nullCount, nullBitmap };
}

/**
 * The record batch of these columns, in the schema's order.
 *
 * @throws TypeError where their number, types or lengths are not right (apache-arrow would fill up with nulls)
 */
export function recordBatch(schema: Schema, columns: readonly Data[]): RecordBatch {
  const length = columns[0]?.length ?? 0;
  const types = schema.fields.map((field) => field.type as DataType);
  const fits = (column: Data, i: number) =>
    column.length === length && util.compareTypes(column.type, types[i]);
  if (columns.length !== types.length || !columns.every(fits))
    throw new TypeError(
      `arrow: expected columns of ${length} rows for "${String(schema)}" but got ${columns.map(inWords).join(", ")}`,
    );
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length, nullCount: 0, children: [...columns] }),
  );
}

function inWords({ length, type }: Data): string {
  const name: { toString(): string } = type;
  return `${length} of ${name.toString()}`;
}
