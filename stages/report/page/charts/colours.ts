/**
 * Colours of up to ten classes, for a light and a dark page: hues and lightnesses set apart so that
 * they can be told from each other with the common kinds of colour blindness, after Paul Tol's
 * "bright" and "muted" schemes (SRON technical note, 2021).
 */
const few: readonly (readonly [light: string, dark: string])[] = [
  ["#3166b0", "#7fb0f5"],
  ["#c8553d", "#f2937c"],
  ["#1d8a5f", "#5fd0a0"],
  ["#a8328a", "#e68acb"],
  ["#b58900", "#e8c658"],
  ["#2aa0c8", "#74d3f0"],
  ["#6b4fa0", "#b59ce8"],
  ["#5f6f1f", "#b7c765"],
  ["#882255", "#d9779f"],
  ["#8c5a2b", "#d3a574"],
];

/**
 * The angle by which hues of many classes follow each other, so that neighbours in the list differ
 * most.
 */
const goldenAngle = 137.508;

/** The CSS colour of a class on the map; of unlabelled photos (-1) beside others a faint grey. */
export function classColour(label: number, classes: number): string {
  if (label < 0) return classes === 0 ? "var(--accent)" : "var(--line)";
  const pair = classes <= few.length ? few[label] : undefined;
  if (pair !== undefined) return `light-dark(${pair[0]},${pair[1]})`;
  const hue = ((label * goldenAngle) % 360).toFixed(0);
  const chroma = label % 2 === 0 ? 0.14 : 0.09;
  return `light-dark(oklch(0.58 ${chroma} ${hue}),oklch(0.76 ${chroma} ${hue}))`;
}
