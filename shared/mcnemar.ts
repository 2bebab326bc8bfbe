/**
 * McNemar's exact test, two-sided: how likely it is that two classifiers that are equally good differ at least so much on the same
 * photos, as only those that one gets right and the other wrong tell them apart. In (0, 1].
 *
 * Source: McNemar, "Note on the sampling error of the difference between correlated proportions or percentages", 1947; the exact
 * form is the binomial test of one half on the discordant pairs.
 *
 * @param onlyFirst photos that only the first gets right
 * @param onlySecond photos that only the second gets right
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): number {
  const discordant = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  // Terms of the tail in logarithms, as 2^-n leaves the range of numbers from some thousand photos on.
  let logTerm = -discordant * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= fewer; k++) {
    logTerm += Math.log((discordant - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
