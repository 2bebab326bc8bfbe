/** The draws of NumPy's legacy `RandomState` that scikit-learn's split needs, value for value. */
export interface RandomState {
  /** A whole number in [0, max], by masked rejection. @param max below 2³² */
  interval(max: number): number;
  /** The numbers 0 to n - 1 in random order. */
  permutation(n: number): Int32Array;
  /** `count` of `items`, without replacement. @param count at most items.length */
  choice<Item>(items: readonly Item[], count: number): Item[];
}

const stateLength = 624;
const middle = 397;

/**
 * MT19937 as `numpy.random.RandomState(seed)` seeds and reads it.
 *
 * Source: Matsumoto and Nishimura, "Mersenne Twister", 1998 (`init_genrand`, tempering); NumPy 2.4,
 * `numpy/random/_mt19937.pyx` (`_legacy_seeding`) and `src/distributions/distributions.c` (`random_interval`).
 *
 * @param seed a whole number in [0, 2³²)
 */
export function randomState(seed: number): RandomState {
  const state = seeded(seed);
  let position = stateLength;

  const next = (): number => {
    if (position === stateLength) {
      regenerate(state);
      position = 0;
    }
    return tempered(state[position++] as number);
  };

  const interval = (max: number): number => {
    if (max === 0) return 0;
    const mask = 0xffff_ffff >>> Math.clz32(max);
    for (;;) {
      const value = (next() & mask) >>> 0;
      if (value <= max) return value;
    }
  };

  const permutation = (n: number): Int32Array => {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = interval(i);
      const kept = order[i] as number;
      order[i] = order[j] as number;
      order[j] = kept;
    }
    return order;
  };

  const choice = <Item>(items: readonly Item[], count: number): Item[] =>
    Array.from(permutation(items.length).subarray(0, count), (i) => items[i] as Item);

  return { interval, permutation, choice };
}

function seeded(seed: number): Uint32Array {
  const state = new Uint32Array(stateLength);
  state[0] = seed;
  for (let i = 1; i < stateLength; i++) {
    const before = state[i - 1] as number;
    state[i] = Math.imul(1_812_433_253, before ^ (before >>> 30)) + i;
  }
  return state;
}

function regenerate(state: Uint32Array): void {
  for (let i = 0; i < stateLength; i++) {
    const joined =
      ((state[i] as number) & 0x8000_0000) | ((state[(i + 1) % stateLength] as number) & 0x7fff_ffff);
    const twist = (joined & 1) === 0 ? 0 : 0x9908_b0df;
    state[i] = (state[(i + middle) % stateLength] as number) ^ (joined >>> 1) ^ twist;
  }
}

function tempered(word: number): number {
  let value = word;
  value ^= value >>> 11;
  value ^= (value << 7) & 0x9d2c_5680;
  value ^= (value << 15) & 0xefc6_0000;
  value ^= value >>> 18;
  return value >>> 0;
}
