import type { Verdict } from "./verdict.ts";

/** What a child process that opens photos is asked. Files of this shape are what `examine` takes. */
export interface Question {
  readonly number: number;
  readonly file: string;
  /** of the bytes that were listed */
  readonly sha256: string;
}

/** What it answers: null where the file is not the one that was listed any more. */
export interface Answer {
  readonly number: number;
  readonly verdict: Verdict | null;
}

/** Sent once it can be asked. */
export const ready = "ready";

export type FromChild = Answer | typeof ready;
