/**
 * (x, y) ↦ (a·x + b·y + c, d·x + e·y + f) on continuous coordinates: an image covers [0, width] × [0, height] and the
 * centre of its first pixel is (0.5, 0.5).
 */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export const identity: Affine = { a: 1, b: 0, c: 0, d: 0, e: 1, f: 0 };

/** Stretches by (x, y), then moves by (dx, dy). */
export function stretch(x: number, y: number, dx = 0, dy = 0): Affine {
  return { a: x, b: 0, c: dx, d: 0, e: y, f: dy };
}

/** `outer` after `inner`: p ↦ outer(inner(p)). */
export function after(outer: Affine, inner: Affine): Affine {
  return {
    a: outer.a * inner.a + outer.b * inner.d,
    b: outer.a * inner.b + outer.b * inner.e,
    c: outer.a * inner.c + outer.b * inner.f + outer.c,
    d: outer.d * inner.a + outer.e * inner.d,
    e: outer.d * inner.b + outer.e * inner.e,
    f: outer.d * inner.c + outer.e * inner.f + outer.f,
  };
}

/** The length by which a transform stretches on (geometric) average: the square root of its area factor. */
export function stretchOf(affine: Affine): number {
  return Math.sqrt(Math.abs(affine.a * affine.e - affine.b * affine.d));
}
