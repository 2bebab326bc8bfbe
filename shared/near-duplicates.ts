/** Two photos whose perceptual hashes are close, i before j. */
export interface NearDuplicate {
  readonly i: number;
  readonly j: number;
  /** bits in which the hashes differ */
  readonly distance: number;
}

/** Whether a perceptual hash is that of a photo of one colour, all zeros, which says nothing of what it shows. */
export function showsNothing(hash: string): boolean {
  return /^0*$/.test(hash);
}

/**
 * The pairs of hashes that differ in at most `distance` bits, in order of i, then j. A photo of one colour is near to none.
 * Exact; a hundred thousand photos take seconds up to a distance of 10. Equal hashes are pairs like any other, n of
 * them n (n - 1) / 2: give each hash once where only groups are wanted.
 *
 * Source: Norouzi, Punjani, Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing", 2014: of four bands of 16 bits, one
 * must be close where all 64 bits are, so only photos with a close band are compared.
 *
 * @param hashes 16 hexadecimal digits each
 * @param distance in [0, 64]
 */
export function nearDuplicates(hashes: readonly string[], distance: number): NearDuplicate[] {
  const shown = [...hashes.keys()].filter((i) => !showsNothing(hashes[i] ?? ""));
  const bands = bandsOf(shown.map((i) => hashes[i] ?? ""));
  const reaches = bands.map((_, band) => reachOf(band, distance));
  const isClose = (i: number, j: number) => (band: Uint16Array, number: number) =>
    bitsIn((band[i] as number) ^ (band[j] as number)) <= (reaches[number] as number);
  const distanceOf = distanceBy(bands);
  const pairs: NearDuplicate[] = [];
  bands.forEach((band, number) => {
    eachPairWithin(band, reaches[number] as number, (i, j) => {
      const bits = distanceOf(i, j);
      if (bits > distance || bands.slice(0, number).some(isClose(i, j))) return;
      pairs.push({ i: shown[i] as number, j: shown[j] as number, distance: bits });
    });
  });
  return pairs.sort((a, b) => a.i - b.i || a.j - b.j);
}

const bandBits = 16;
const bandCount = 4;

/** The hashes' bands: for each of four, 16 bits of every hash. */
function bandsOf(hashes: readonly string[]): Uint16Array[] {
  return Array.from({ length: bandCount }, (_, band) =>
    Uint16Array.from(hashes, (hash) => Number.parseInt(hash.slice(band * 4, band * 4 + 4), 16)),
  );
}

/**
 * Bits in which a band of close hashes may differ for the pair to be found there; below 0: not looked for there. If every band
 * differed in more, all together would in more than `distance` (the paper's proposition 2).
 */
function reachOf(band: number, distance: number): number {
  return Math.floor(distance / bandCount) - (band <= distance % bandCount ? 0 : 1);
}

/** Bits in which the hashes of two rows differ. */
function distanceBy(bands: readonly Uint16Array[]): (i: number, j: number) => number {
  const [first, second, third, fourth] = bands as [Uint16Array, Uint16Array, Uint16Array, Uint16Array];
  const halves = (high: Uint16Array, low: Uint16Array) =>
    Int32Array.from(high, (value, row) => (value << bandBits) | (low[row] as number));
  const high = halves(first, second);
  const low = halves(third, fourth);
  return (i, j) =>
    bitsIn((high[i] as number) ^ (high[j] as number)) + bitsIn((low[i] as number) ^ (low[j] as number));
}

/** Calls `found` with the rows of each two values that differ in at most `reach` bits, i before j. */
function eachPairWithin(values: Uint16Array, reach: number, found: (i: number, j: number) => void): void {
  const { starts, rows } = byValue(values);
  const flips = flipsWithin(reach);
  for (let i = 0; i < values.length; i++)
    for (let turn = 0; turn < flips.length; turn++) {
      const value = (values[i] as number) ^ (flips[turn] as number);
      const end = starts[value + 1] as number;
      for (let place = starts[value] as number; place < end; place++) {
        const j = rows[place] as number;
        if (j > i) found(i, j);
      }
    }
}

/** What turns a value into each one within so many bits, itself included. */
function flipsWithin(reach: number): Uint16Array {
  const all = Array.from({ length: 1 << bandBits }, (_, flip) => flip);
  return Uint16Array.from(all.filter((flip) => bitsIn(flip) <= reach));
}

/** Rows in order of their values, and where each value's rows start; those of one value end where the next one's start. */
function byValue(values: Uint16Array): { starts: Uint32Array; rows: Uint32Array } {
  const starts = new Uint32Array((1 << bandBits) + 1);
  for (const value of values) starts[value + 1] = (starts[value + 1] as number) + 1;
  for (let value = 1; value < starts.length; value++)
    starts[value] = (starts[value] as number) + (starts[value - 1] as number);
  const next = starts.slice();
  const rows = new Uint32Array(values.length);
  values.forEach((value, row) => {
    rows[next[value] as number] = row;
    next[value] = (next[value] as number) + 1;
  });
  return { starts, rows };
}

/** How many of 32 bits are set. Source: Warren, "Hacker's Delight", 5-1. */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
