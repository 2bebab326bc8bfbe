/** The number of a rung of a ladder on which two steps are a factor of ten: 0.01, 0.032, 0.1, 0.32, 1. */
function rung(number: number): number {
  return Number((10 ** (number / 2)).toPrecision(2));
}

/** Rungs from one power of ten to another, both included. */
export function rungs(lowest: number, highest: number): number[] {
  const [first, last] = [Math.round(2 * Math.log10(lowest)), Math.round(2 * Math.log10(highest))];
  return Array.from({ length: last - first + 1 }, (_, i) => rung(first + i));
}

/** The rung above or below one. */
export function nextRung(value: number, direction: 1 | -1): number {
  return rung(Math.round(2 * Math.log10(value)) + direction);
}
