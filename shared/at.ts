/**
 * The item at a place where there must be one.
 *
 * @throws RangeError where there is none: a defect of the caller
 */
export function at<Item>(items: readonly Item[], place: number): Item {
  const item = items[place];
  if (item === undefined) throw new RangeError(`no item at ${place} of ${items.length}`);
  return item;
}
