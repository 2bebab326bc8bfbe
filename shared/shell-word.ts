/** A word as a shell takes it: in double quotes where it has blanks or signs that a shell reads. */
export function shellWord(word: string): string {
  if (/^[\p{L}\p{N}_./:=,@%+~-]+$/u.test(word)) return word;
  return `"${word.replaceAll(/["\\$`]/g, "\\$&")}"`;
}
