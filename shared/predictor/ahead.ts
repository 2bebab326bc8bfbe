/**
 * Works on items ahead of whoever takes the results, which come in the items' order.
 *
 * @param most items that are worked on, or done and not yet taken
 * @throws what `work` rejects with, when it is that result's turn
 */
export async function* workedAhead<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    result.catch(() => undefined); // it may never be its turn
    begun.push(result);
    if (begun.length >= most) yield await (begun.shift() as Promise<Result>);
  }
  for (const result of begun) yield await result;
}
