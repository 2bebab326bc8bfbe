/**
 * Whether a version is another one or newer.
 *
 * @param version "v20.20.2"
 * @param wanted "20.19": what it leaves out is 0
 */
export function isAtLeast(version: string, wanted: string): boolean {
  const [own, other] = [numbersIn(version), numbersIn(wanted)];
  const place = [0, 1, 2].find((i) => (own[i] ?? 0) !== (other[i] ?? 0));
  return place === undefined || (own[place] ?? 0) > (other[place] ?? 0);
}

function numbersIn(version: string): number[] {
  return version.replace(/^v/, "").split(".").map(Number);
}
