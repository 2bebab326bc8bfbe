import { type ClassCounts, countAnswer, macroF1, noCounts } from "../../shared/class-counts.ts";

/** How good predictions are. */
export interface Metrics {
  /** mean of −log p of the right class: no smoothing, no weights */
  readonly loss: number;
  /** share of photos whose most probable class is the right one */
  readonly accuracy: number;
  /** share of photos whose right class is among the five most probable */
  readonly top5: number;
  /** mean over the classes that occur, in truth or among the predictions, of 2 precision · recall / (precision + recall) */
  readonly macroF1: number;
}

/** Counts of predictions, from which metrics follow; grows with the classes, not with the photos. */
export class Tally {
  #photos = 0;
  #loss = 0;
  #amongFive = 0;
  readonly #counts: ClassCounts;

  constructor(classes: number) {
    this.#counts = noCounts(classes);
  }

  get photos(): number {
    return this.#photos;
  }

  /** @param logits of one photo, one number a class */
  add(logits: Float32Array, label: number): void {
    const own = logits[label] as number;
    let best = 0;
    let better = 0;
    for (let c = 0; c < logits.length; c++) {
      if ((logits[c] as number) > (logits[best] as number)) best = c;
      if ((logits[c] as number) > own) better++;
    }
    this.#photos++;
    this.#loss += logSumOfExponentials(logits, logits[best] as number) - own;
    if (better < 5) this.#amongFive++;
    countAnswer(this.#counts, label, best);
  }

  metrics(): Metrics {
    const right = this.#counts.right.reduce((sum, count) => sum + count, 0);
    return {
      loss: this.#loss / this.#photos,
      accuracy: right / this.#photos,
      top5: this.#amongFive / this.#photos,
      macroF1: macroF1(this.#counts),
    };
  }
}

function logSumOfExponentials(logits: Float32Array, largest: number): number {
  let sum = 0;
  for (let c = 0; c < logits.length; c++) sum += Math.exp((logits[c] as number) - largest);
  return largest + Math.log(sum);
}
