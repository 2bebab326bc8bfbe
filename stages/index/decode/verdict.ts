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

/** A photo to be opened. */
export interface ListedPhoto {
  readonly file: string;
  /** of the bytes that were listed */
  readonly sha256: string;
}

/** What became of a photo that was opened; "changed": it is another than was listed. */
export type Found = Verdict | "changed";
