import { expect, it } from "vitest";
import { randomFor } from "../../shared/random.ts";
import { nearDuplicates } from "../../shared/near-duplicates.ts";

const random = randomFor("near duplicates");
const word = () => BigInt(Math.floor(random() * 2 ** 32));
const written = (hash: bigint) => hash.toString(16).padStart(16, "0");

/** A hash with some of its bits turned. */
function turned(hash: bigint, bits: number): bigint {
  const places = new Set<number>();
  while (places.size < bits) places.add(Math.floor(random() * 64));
  return [...places].reduce((turnedHash, place) => turnedHash ^ (1n << BigInt(place)), hash);
}

function bitsBetween(a: string, b: string): number {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll("0", "").length;
}

it.each([0, 1, 2, 3, 4, 5, 7, 8, 10, 11, 16])(
  "finds the pairs within %d bits, each once and in order, as comparing all with all does",
  (distance) => {
    const seeds = Array.from({ length: 40 }, () => (word() << 32n) | word());
    const hashes = seeds.flatMap((seed, i) => [seed, turned(seed, i % 20), turned(seed, i % 7)]).map(written);
    const all = hashes.flatMap((a, i) =>
      hashes.slice(i + 1).map((b, k) => ({ i, j: i + 1 + k, distance: bitsBetween(a, b) })),
    );
    const near = all.filter((pair) => pair.distance <= distance);
    expect(near.length).toBeGreaterThan(5);
    expect(nearDuplicates(hashes, distance)).toEqual(near);
  },
);

it("holds photos of one colour near to none, equal photos at distance 0", () => {
  const hashes = ["0000000000000000", "0000000000000001", "0000000000000000", "0000000000000001"];
  expect(nearDuplicates(hashes, 4)).toEqual([{ i: 1, j: 3, distance: 0 }]);
});

it("has nothing to say of no photo or of one", () => {
  expect(nearDuplicates([], 6)).toEqual([]);
  expect(nearDuplicates(["0123456789abcdef"], 6)).toEqual([]);
});
