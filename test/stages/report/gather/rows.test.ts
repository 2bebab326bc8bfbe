import path from "node:path";
import { expect, it } from "vitest";
import { createNpy } from "../../../../shared/arrow/npy.ts";
import { channelMeans, readRows } from "../../../../stages/report/gather/rows.ts";
import { temporaryFolder } from "../../../folder.ts";

async function array(shape: readonly number[]): Promise<{ file: string; values: Float32Array }> {
  const file = path.join(temporaryFolder(), "array.npy");
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
  const npy = createNpy(file, "float32", shape);
  npy.writeRows(0, values);
  await npy.finish();
  return { file, values };
}

it("reads the rows that are asked for and no others", async () => {
  const { file } = await array([6, 3]);
  const rows = await readRows(file, { rows: Int32Array.of(0, 4, 5), width: 3, rowCount: 6 });
  expect([...rows]).toEqual([0, 1, 2, 12, 13, 14, 15, 16, 17]);
});

it("reads rows that lie further apart than one piece of the file", async () => {
  const width = 3 << 20;
  const { file } = await array([4, width]);
  const rows = await readRows(file, { rows: Int32Array.of(1, 3), width, rowCount: 4 });
  expect([rows.length, rows[0], rows[width]]).toEqual([2 * width, width, 3 * width]);
});

it("takes the mean of each channel of a map", async () => {
  const { file } = await array([2, 2, 2, 2]);
  const rows = await readRows(
    file,
    { rows: Int32Array.of(1), width: 8, rowCount: 2 },
    channelMeans([2, 2, 2]),
  );
  expect([...rows]).toEqual([9.5, 13.5]);
});
