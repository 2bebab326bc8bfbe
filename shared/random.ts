import { createHash } from "node:crypto";

/** A stream of uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A stream of random numbers that is a function of its parts alone (a seed, a photo's sha256, a view's number or an
 * epoch), so that any worker can start anywhere: xoshiro128** seeded from the sha256 of the parts.
 *
 * Source of the generator: Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021.
 */
export function randomFor(...parts: readonly (string | number)[]): Random {
  const digest = createHash("sha256").update(parts.join("\n")).digest();
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let d = digest.readUInt32LE(12) | 1;
  return () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result / 0x1_0000_0000;
  };
}

/** The numbers 0 to n - 1 in an order that `random` decides (Fisher and Yates). */
export function permutation(n: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
  return order;
}
