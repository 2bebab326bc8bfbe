/**
 * Works on items ahead of whoever takes the results, which come in the items' order.
 *
 * @param most items that are worked on, or done and not yet taken
 * @param work never rejects: nobody may be there to hear of it
 */
export async function* workedAhead<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  most: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  for await (const item of items) {
    begun.push(work(item));
    if (begun.length >= most) yield await (begun.shift() as Promise<Result>);
  }
  for (const result of begun) yield await result;
}
