/** The nearest points of each point, itself first, the nearer first. */
export interface Neighbours {
  readonly numbers: number[][];
  /** Euclidean */
  readonly distances: number[][];
}

/** The `count` nearest of a few thousand points, each compared with each; of equally near ones the first. */
export function nearestNeighbours(points: readonly (readonly number[])[], count: number): Neighbours {
  const all = points.map((point) => nearestOf(points, point, count));
  // A point is the nearest to itself, also where another has the same place.
  all.forEach((near, own) => {
    const at = near.findIndex(({ number }) => number === own);
    near.splice(at === -1 ? count - 1 : at, 1);
    near.unshift({ number: own, distance: 0 });
  });
  return {
    numbers: all.map((near) => near.map(({ number }) => number)),
    distances: all.map((near) => near.map(({ distance }) => distance)),
  };
}

interface Neighbour {
  readonly number: number;
  readonly distance: number;
}

/** Keeps the nearest so far in order: of the many that come by, few are among them. */
function nearestOf(
  points: readonly (readonly number[])[],
  from: readonly number[],
  count: number,
): Neighbour[] {
  const near: Neighbour[] = [];
  points.forEach((point, number) => {
    const distance = distanceBetween(from, point);
    if (near.length === count && distance >= (near.at(-1) as Neighbour).distance) return;
    const at = near.findIndex((other) => other.distance > distance);
    near.splice(at === -1 ? near.length : at, 0, { number, distance });
    if (near.length > count) near.pop();
  });
  return near;
}

function distanceBetween(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return Math.sqrt(sum);
}
