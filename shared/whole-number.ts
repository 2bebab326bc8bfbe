import { unexpected } from "./errors.ts";

/** What a flag's text has to be. */
interface Wanted {
  /** the command that speaks */
  readonly where: string;
  readonly least?: number;
  /** in words, where the flag takes more than a number */
  readonly expected?: string;
}

/**
 * The whole number that a flag's text stands for.
 *
 * @throws PipelineError `usage` where it is none, or below `least` (1 unless said otherwise)
 */
export function wholeNumber(
  flag: string,
  text: string,
  { where, least = 1, expected = `a whole number from ${least}` }: Wanted,
): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least && text.trim() !== "") return number;
  throw unexpected("usage", { where, expected, subject: flag, got: text });
}
