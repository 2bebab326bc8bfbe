import type { Answered } from "./messages.ts";
import { type Child, type ChildOptions, startChild } from "./start-child.ts";

/** What became of a question: its answer, or how it brought the process down. */
export type Outcome<Answer> =
  { readonly kind: "answered"; readonly answer: Answer } | { readonly kind: "crashed"; readonly end: string };

/** A process that does what may kill it, or keep it busy for ever. */
export interface Supervised<Question, Answer> {
  /**
   * @throws PipelineError `interrupted` once the signal is aborted, or it is closed
   * @throws Error where the process does not even start
   */
  ask(question: Question): Promise<Outcome<Answer>>;
  /** Ends the process. */
  close(): Promise<void>;
}

/** A question without an outcome. */
interface Open<Question, Answer> {
  readonly question: Question;
  /** a process died that had it */
  readonly suspect: boolean;
  readonly settle: (outcome: Outcome<Answer>) => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * Has questions answered in a child process, which is started for the first of them. Where it dies or falls silent, the questions
 * that it had are tried one by one in a new one, and the one that brings it down by itself is bad.
 */
export function supervised<Question, Answer>(options: ChildOptions): Supervised<Question, Answer> {
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, closing.signal]);
  /** suspects first */
  const waiting: Open<Question, Answer>[] = [];
  const had = new Map<number, Open<Question, Answer>>();
  let child: Child<Question, Answer> | null = null;
  let living = false;
  let life: Promise<void> = Promise.resolve();
  let asked = 0;

  /** Gives the child what it may have: a suspect by itself, all others at once. */
  const give = () => {
    for (;;) {
      const [first] = waiting;
      if (first === undefined || child === null) return;
      const alone = first.suspect || [...had.values()].some(({ suspect }) => suspect);
      if (alone && had.size > 0) return;
      waiting.shift();
      had.set(asked, first);
      child.ask({ number: asked++, question: first.question });
    }
  };

  /** What a child had when it ended: a suspect is bad now, others are suspects. */
  const accuse = (end: string) => {
    const suspects = [...had.values()];
    had.clear();
    for (const { suspect, settle } of suspects) if (suspect) settle({ kind: "crashed", end });
    waiting.unshift(
      ...suspects.filter(({ suspect }) => !suspect).map((open) => ({ ...open, suspect: true })),
    );
  };

  const answered = ({ number, answer }: Answered<Answer>) => {
    had.get(number)?.settle({ kind: "answered", answer });
    had.delete(number);
    give();
  };

  const refuseAll = (error: unknown) => {
    child = null;
    const refused = [...had.values(), ...waiting.splice(0)];
    had.clear();
    for (const { refuse } of refused) refuse(error);
  };

  /** Child after child, until one ends that has nothing left to do. */
  const live = async () => {
    living = true;
    try {
      while (waiting.length > 0) {
        child = await startChild<Question, Answer>({ ...options, signal });
        give();
        const end = await child.listen(answered);
        child = null;
        accuse(end);
      }
    } catch (error) {
      refuseAll(error);
    }
    // In the same turn as the last look at what is waiting: whoever asks from now on begins another life.
    living = false;
  };

  return {
    ask: (question) =>
      new Promise((settle, refuse) => {
        waiting.push({ question, suspect: false, settle, refuse });
        if (living) give();
        else life = live();
      }),
    async close() {
      closing.abort();
      await life;
    },
  };
}
