import { PipelineError } from "../shared/errors.ts";
import { terminalProgress } from "../shared/progress.ts";
import { drawnError, lookWith, voiceOf } from "../shared/voice.ts";
import type { Answer, Speaking } from "./command.ts";
import type { Failure } from "./failure.ts";

/** How the whole command line speaks: what its commands are given, and how it says what stopped one. */
export interface CommandLine {
  readonly speaking: Speaking;
  readonly fail: (failure: Failure) => void;
}

/**
 * The voice of a process that was started with these words.
 *
 * @param words of the command line, the script's own name left out
 */
export function commandLine(words: readonly string[], { stdout, stderr, env }: typeof process): CommandLine {
  const voice = voiceOf(words, env, { stdout, stderr });
  const answer = ({ text, json, remark = "", exitStatus = 0 }: Answer) => {
    process.exitCode = exitStatus;
    if (remark !== "" && !voice.json)
      stderr.write(`${drawnError(remark, lookWith(voice.colours.messages))}\n`);
    stdout.write(voice.json ? documentOf(json) : text);
  };
  return {
    speaking: {
      signal: interruptible(),
      voice,
      progress: (where) => terminalProgress(where, voice),
      answer,
    },
    fail({ code, message, exitStatus, stack }) {
      process.exitCode = exitStatus;
      if (voice.json) stdout.write(documentOf({ error: { code, message, exitStatus } }));
      else stderr.write(`${drawnError(message, lookWith(voice.colours.messages))}\n`);
      if (voice.verbose && stack !== undefined) stderr.write(`${stack}\n`);
    },
  };
}

function documentOf(json: Answer["json"]): string {
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** Aborted by Ctrl-C. A second one ends the process at once; the stages' processes end with it. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    if (controller.signal.aborted) process.exit(new PipelineError("interrupted", "").exitStatus);
    controller.abort();
  };
  process.on("SIGINT", abort).on("SIGTERM", abort);
  return controller.signal;
}

/** Who reads our output may stop reading (`| head`): then nobody is left to tell. */
export function endWithReader(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
}
