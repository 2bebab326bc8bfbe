/**
 * What an example of each class weighs in the loss: 1, or `balanced` examples ÷ (classes · examples of the class), so that
 * every class weighs the same (scikit-learn's class_weight="balanced"). A class without examples weighs nothing.
 *
 * @param counts examples of each class
 */
export function classWeights(counts: Uint32Array, kind: "none" | "balanced"): Float32Array {
  if (kind === "none") return new Float32Array(counts.length).fill(1);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.reduce((sum, count) => sum + Math.min(1, count), 0);
  return Float32Array.from(counts, (count) => (count === 0 ? 0 : all / (present * count)));
}
