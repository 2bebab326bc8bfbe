import type { Json } from "../shared/artifacts/types.ts";
import type { Asking } from "../plan/session.ts";
import type { Progress } from "../shared/progress.ts";
import type { Voice } from "../shared/voice.ts";

/** What a command answers on its standard output: `text` to a person, `json` to a machine (`--json`). */
export interface Answer {
  readonly text: string;
  readonly json: Json;
  /** what a person has to know beside `text`, quiet or not: it is said on the standard error. `json` says it in its own way */
  readonly remark?: string;
  /** where the answer is a no; else 0 */
  readonly exitStatus?: number;
}

/**
 * How a command speaks and is stopped. A command of `commands/<name>.ts` exports `add<Name>(program, speaking)`, which adds it
 * to the command line; pipeline.ts lists them.
 */
export interface Speaking {
  /** aborted by Ctrl-C */
  readonly signal: AbortSignal;
  /** what `--json`, `--quiet` and `--verbose` say, and whether colours are wanted */
  readonly voice: Voice;
  /** lines and bars on the standard error, beginning with `where`: the command or stage that speaks */
  readonly progress: (where: string) => Progress;
  /** once a command, at its end: its standard output holds nothing else */
  readonly answer: (answer: Answer) => void;
}

/**
 * What `readRequest` is given to speak with.
 *
 * @param planning whether nothing is to be fetched, since there is only a plan to be made
 */
export function askingWith({ progress, signal, voice }: Speaking, planning: boolean): Asking {
  return { progress: progress("pipeline"), signal, voice, planning };
}
