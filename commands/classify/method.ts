import type { Means } from "./computing.ts";
import type { Matrix } from "./matrix.ts";

/** Hyper-parameters by name, such as C or k. */
export type Settings = Readonly<Record<string, number>>;

/** Rows to learn from and rows to answer for. */
export interface Problem {
  readonly training: Matrix;
  /** of the training rows, from 0 to classes - 1; not every class need occur */
  readonly labels: Int32Array;
  readonly classes: number;
  /** how many columns each feature file has, side by side */
  readonly blocks: readonly number[];
  readonly scored: Matrix;
}

/** What a classifier says of the scored rows. */
export interface Answers {
  /** [rows] class numbers */
  readonly predicted: Int32Array;
  /** [rows, classes]: probabilities, or decision values, of which a softmax over a temperature makes some */
  readonly scores: Matrix;
}

/** A kind of classifier. */
export interface Method {
  /** as `--only` takes it */
  readonly name: string;
  readonly title: string;
  readonly scores: "probabilities" | "decision values";
  /** whether folds are worked on at once, since one of them keeps one thread busy */
  readonly foldsAtOnce?: boolean;
  /** The hyper-parameters that are tried, for so many training rows, columns and classes. */
  settings(rows: number, columns: number, classes: number): readonly Settings[];
  /** the hyper-parameters of which a next value is tried while the best one is the first or last */
  readonly ladders?: readonly string[];
  /** Why it is not tried on so many training rows; null where it is. */
  refusal?(rows: number): string | null;
  /** Learns with each of these hyper-parameters and answers for the scored rows, in the settings' order. */
  answers(problem: Problem, settings: readonly Settings[], means: Means): Promise<Answers[]>;
}
