/**
 * Moves the rows of a segment that go left to its front, each side in the order that it had; answers where the right side begins.
 *
 * @param rows row numbers, of which those from `first` to before `end` are the segment
 * @param bins one column's bins, by row number
 * @param threshold the highest bin that goes left
 * @param spare at least as long as the segment
 */
export function partition(
  rows: Int32Array,
  first: number,
  end: number,
  bins: Uint8Array,
  threshold: number,
  spare: Int32Array,
): number {
  let left = first;
  let right = 0;
  for (let i = first; i < end; i++) {
    const row = rows[i] as number;
    if ((bins[row] as number) <= threshold) rows[left++] = row;
    else spare[right++] = row;
  }
  rows.set(spare.subarray(0, right), left);
  return left;
}
