/**
 * What went wrong, by whose hand it is mended. The number is the exit status of the process.
 *
 * - `usage`: a flag, a config field, a file name
 * - `data`: the photos, their labels, their folder
 * - `artifact`: something missing or damaged under `artifacts/`
 * - `engine`: the machine cannot run what was asked (no GPU, no memory, no disk)
 * - `interrupted`: Ctrl-C
 */
export const exitStatus = { usage: 2, data: 3, artifact: 4, engine: 5, interrupted: 130 } as const;

export type ErrorCode = keyof typeof exitStatus;

/**
 * The one class of errors that a user can mend. Anything else that is thrown is a defect of ours.
 */
export class PipelineError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PipelineError";
    this.code = code;
  }

  get exitStatus(): number {
    return exitStatus[this.code];
  }
}

/** The parts of a message `stage: expected X for "subject" but got Y`, and what mends it. */
export interface Expectation {
  /** the stage or command that speaks */
  where: string;
  expected: string;
  /** the flag, file or photo it is about */
  subject: string;
  got: string;
  /** the command or change that mends it */
  hint?: string;
  cause?: unknown;
}

/** An error that reads `where: expected X for "subject" but got Y`, its remedy on a line below. */
export function unexpected(code: ErrorCode, what: Expectation): PipelineError {
  const { where, expected, subject, got, hint, cause } = what;
  const message = `${where}: expected ${expected} for "${subject}" but got ${got}`;
  return new PipelineError(code, hint === undefined ? message : `${message}\n  ${hint}`, { cause });
}

/**
 * What the system refused, in words, by Node's code for it: all of it something that the user can
 * mend.
 */
const refusals: Readonly<Record<string, string>> = {
  EACCES: "that may be opened by this user",
  EPERM: "that may be changed by this user",
  EROFS: "on a disk that can be written",
  ENOSPC: "on a disk with room",
  EDQUOT: "within this user's quota",
  ENOTDIR: "whose parents are all folders",
  EISDIR: "that is no folder",
  EEXIST: "that is not there yet, or is a folder",
  EMFILE: "that can be opened beside those that are open",
  ELOOP: "without links that lead in a circle",
};

const another = "results are kept elsewhere with --artifacts FOLDER";

/** What helps against some of them. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: `chmod or chown gives this user the right to it; ${another}`,
  EPERM: `chmod or chown gives this user the right to it; ${another}`,
  EROFS: another,
  ENOSPC: `${another}; npx zx pipeline.ts gc frees what no run stands on`,
  EDQUOT: `${another}; npx zx pipeline.ts gc frees what no run stands on`,
};

/**
 * The error that a user can mend behind one that was thrown; null where it is a defect of ours.
 *
 * @param where the stage or command that speaks, should the error itself not say it
 */
export function mendable(error: unknown, where: string): PipelineError | null {
  if (error instanceof PipelineError) return error;
  if (!(error instanceof Error)) return null;
  const { code = "", path = "", message } = error as NodeJS.ErrnoException;
  if (code === "ERR_DLOPEN_FAILED" || message.startsWith('Could not load the "sharp" module'))
    return unexpected("engine", {
      where,
      expected: "npm's native libraries to load",
      subject: "node_modules",
      got: message.split("\n")[0] ?? "",
      hint: "npm ci, on this machine and with this Node; npx zx pipeline.ts doctor says what else is amiss",
      cause: error,
    });
  const expected = refusals[code];
  if (expected === undefined || path === "") return null;
  const hint = remedies[code];
  const got = `${code} (${message.replace(/^\w+: /, "").replace(/, \w+ '.*$/, "")})`;
  return unexpected("engine", {
    where,
    expected: `a file or folder ${expected}`,
    subject: path,
    got,
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}
