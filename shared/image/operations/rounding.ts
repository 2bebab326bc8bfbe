/** To the nearest integer, halves to the even one, as Python's `round` does and so torchvision's sizes and offsets. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
