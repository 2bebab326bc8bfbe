import { expect, test } from "vitest";
import { workedAhead } from "../../../shared/predictor/ahead.ts";

test("results come in order, and no more than so many are worked on at once", async () => {
  let working = 0;
  let most = 0;
  const work = async (i: number) => {
    most = Math.max(most, ++working);
    await new Promise((resolve) => setTimeout(resolve, i % 3));
    return i * 10;
  };
  const results: number[] = [];
  for await (const result of workedAhead([1, 2, 3, 4, 5, 6, 7], 3, work)) {
    working--;
    results.push(result);
  }
  expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(most).toBe(3);
});

test("items are taken as they are needed", async () => {
  let taken = 0;
  function* endless() {
    for (;;) yield taken++;
  }
  for await (const result of workedAhead(endless(), 4, (i) => Promise.resolve(i))) if (result === 5) break;
  expect(taken).toBeLessThan(12);
});

test("work that fails is heard of in its turn, and nowhere else", async () => {
  const work = (i: number) => (i < 3 ? Promise.resolve(i) : Promise.reject(new Error(`no ${i}`)));
  const results: number[] = [];
  const all = async () => {
    for await (const result of workedAhead([1, 2, 3, 4], 4, work)) results.push(result);
  };
  await expect(all()).rejects.toThrow("no 3");
  expect(results).toEqual([1, 2]);
});
