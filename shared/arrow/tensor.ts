import {
  DataType,
  Field,
  FixedSizeList,
  Float32,
  makeData,
  Uint8,
  util,
  type Data,
  type RecordBatch,
} from "apache-arrow";

/** The numbers of a tensor column: eight-bit pixels, or float32. */
export type TensorType = "uint8" | "float32";
export type TensorRows = Uint8Array | Float32Array;
type TensorItem = Uint8 | Float32;

const extensionName = "ARROW:extension:name";
const extensionMetadata = "ARROW:extension:metadata";

/**
 * A field whose every row is a tensor of one shape: a fixed-size list with the metadata of the canonical extension type
 * `arrow.fixed_shape_tensor`, which pyarrow reads as a tensor, polars as an array, DuckDB as TYPE[n].
 */
export function tensorField(
  name: string,
  shape: readonly number[],
  type: TensorType,
): Field<FixedSizeList<TensorItem>> {
  const item = new Field<TensorItem>("item", type === "uint8" ? new Uint8() : new Float32(), false);
  const metadata = new Map([
    [extensionName, "arrow.fixed_shape_tensor"],
    [extensionMetadata, JSON.stringify({ shape })],
  ]);
  return new Field(name, new FixedSizeList(sizeOf(shape), item), false, metadata);
}

/**
 * A column of tensors on the array itself, row after row.
 *
 * @throws TypeError where `rows` holds other numbers than the field
 * @throws RangeError where it is not `length` rows long
 */
export function tensorColumn(
  field: Field<FixedSizeList<TensorItem>>,
  rows: TensorRows,
  length: number,
): Data<FixedSizeList<TensorItem>> {
  const { type } = field;
  if (!util.compareTypes(type.valueType, rows instanceof Uint8Array ? new Uint8() : new Float32()))
    throw new TypeError(
      `arrow: expected ${String(type)} for "${field.name}" but got ${rows.constructor.name}`,
    );
  if (rows.length !== length * type.listSize)
    throw new RangeError(
      `arrow: expected ${length} rows of ${type.listSize} numbers for "${field.name}" but got ${rows.length} numbers`,
    );
  const values = { length: rows.length, nullCount: 0 };
  const child: Data<TensorItem> =
    rows instanceof Uint8Array
      ? makeData({ type: new Uint8(), ...values, data: rows })
      : makeData({ type: new Float32(), ...values, data: rows });
  return makeData({ type, length, nullCount: 0, child });
}

/** The shape of a tensor field's rows, and what numbers they hold. */
export function tensorOf(field: Field): { shape: number[]; type: TensorType } {
  const { shape } = JSON.parse(field.metadata.get(extensionMetadata) ?? "{}") as { shape?: number[] };
  const list: unknown = field.type;
  if (shape === undefined || !(list instanceof FixedSizeList))
    throw new TypeError(`arrow: expected a tensor for "${field.name}" but got ${String(field)}`);
  return { shape, type: DataType.isInt(list.valueType) ? "uint8" : "float32" };
}

/** All rows of a tensor column, contiguous, on the batch's own memory. */
export function tensorRows(batch: RecordBatch, name: string): TensorRows {
  const data = batch.getChild(name)?.data[0];
  const values: unknown = data?.children[0]?.values;
  if (data === undefined || !(values instanceof Uint8Array || values instanceof Float32Array))
    throw new TypeError(`arrow: expected a column of tensors for "${name}" but got ${String(batch.schema)}`);
  // The library leaves the padding of the buffer on.
  return values.subarray(0, data.length * (data.type as FixedSizeList).listSize);
}

/** How many numbers a tensor of this shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
