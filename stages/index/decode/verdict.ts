/** A photo as it was found on opening it, EXIF orientation honoured; a function of its bytes. */
export interface Good {
  readonly width: number;
  readonly height: number;
  /** 16 hexadecimal digits; all zeros: of one colour */
  readonly perceptualHash: string;
}

/** Why a photo cannot be used. */
interface Bad {
  readonly reason: string;
}

export type Verdict = Good | Bad;

/** Whether a photo can be used. */
export function isGood(verdict: Verdict): verdict is Good {
  return "width" in verdict;
}
