/** A few steps, one after another. */
export interface Turn {
  readonly seconds: readonly number[];
  readonly losses: readonly number[];
}

/** Takes steps, each timed. */
export async function turnOf(steps: number, step: () => Promise<number>): Promise<Turn> {
  const [seconds, losses]: [number[], number[]] = [[], []];
  for (let i = 0; i < steps; i++) {
    const started = performance.now();
    losses.push(await step());
    seconds.push((performance.now() - started) / 1000);
  }
  return { seconds, losses };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
