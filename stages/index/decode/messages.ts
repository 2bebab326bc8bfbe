import type { Verdict } from "./verdict.ts";

/** What a child process that opens photos is asked. */
export interface Question {
  readonly number: number;
  readonly file: string;
  /** of the bytes that were listed */
  readonly sha256: string;
}

/** What became of a photo: opened, other than it was listed, or the end of the process that opened it. */
export type Outcome =
  | { readonly kind: "opened"; readonly verdict: Verdict }
  | { readonly kind: "changed" }
  | { readonly kind: "crashed"; readonly verdict: Verdict };

/** What the child answers. */
export interface Answer {
  readonly number: number;
  readonly outcome: Outcome;
}

/** Sent once it can be asked. */
export const ready = "ready";
