import { startChild, type ChildOptions } from "./start-child.ts";
import type { Answer, Outcome, Question } from "./messages.ts";

export interface Supervision extends ChildOptions {
  /** photos that the child has at once */
  readonly inFlight: number;
  readonly answered: (question: Question, outcome: Outcome) => void;
}

/**
 * Has every photo opened in a child process. Where the child dies or falls silent, the photos that it had are tried one
 * by one in a new one, and the one that brings it down by itself is bad.
 *
 * @throws PipelineError `interrupted` once the signal is aborted
 * @throws Error where the child does not even start
 */
export async function supervise(questions: readonly Question[], options: Supervision): Promise<void> {
  let open = questions;
  while (open.length > 0) {
    const { unanswered, suspects, end } = await attempt(open, options.inFlight, options);
    if (end === null) return;
    await tryAlone(suspects, options);
    const tried = new Set(suspects);
    open = unanswered.filter((question) => !tried.has(question));
  }
}

async function tryAlone(suspects: readonly Question[], options: Supervision): Promise<void> {
  let open = suspects;
  while (open.length > 0) {
    const { unanswered, suspects: culprits, end } = await attempt(open, 1, options);
    const reason = `brings the decoder down: ${end ?? ""}`;
    for (const culprit of culprits) options.answered(culprit, { kind: "crashed", verdict: { reason } });
    open = unanswered.filter((question) => !culprits.includes(question));
  }
}

interface Attempt {
  /** what the child did not get to, the suspects among them */
  readonly unanswered: readonly Question[];
  /** what it had when it ended */
  readonly suspects: readonly Question[];
  /** how it ended; null: it answered everything */
  readonly end: string | null;
}

/** One child's life: it is given `inFlight` photos at once until all are answered or it ends. */
async function attempt(
  questions: readonly Question[],
  inFlight: number,
  options: Supervision,
): Promise<Attempt> {
  const child = await startChild(options);
  const had = new Map<number, Question>();
  const waiting = questions.values();
  const ask = () => {
    const { value: question, done } = waiting.next();
    if (done === true) return;
    had.set(question.number, question);
    child.ask(question);
  };
  const answered = ({ number, outcome }: Answer) => {
    const question = had.get(number);
    if (question === undefined) return;
    had.delete(number);
    options.answered(question, outcome);
    ask();
    if (had.size === 0) child.stop();
  };
  const ended = child.listen(answered);
  for (let i = 0; i < inFlight; i++) ask();
  const end = await ended;
  return { unanswered: [...had.values(), ...waiting], suspects: [...had.values()], end };
}
