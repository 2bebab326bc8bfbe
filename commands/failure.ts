import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Command, CommanderError } from "commander";
import { usageError } from "../plan/flags.ts";
import { type ErrorCode, mendable, type PipelineError } from "../shared/errors.ts";

/** Why a command did not do what it was asked for. */
export interface Failure {
  readonly code: ErrorCode | "defect";
  readonly message: string;
  readonly exitStatus: number;
  /** of a defect */
  readonly stack?: string;
}

/**
 * What was thrown, as it is said; null where it only ends the command (`--help`).
 *
 * @param words of the command line
 */
export function failureOf(error: unknown, program: Command, words: readonly string[]): Failure | null {
  if (!(error instanceof CommanderError)) return failureIn(error, words);
  // Without a command, commander prints the help and calls that an error.
  if (error.exitCode === 0 || error.code === "commander.help") return null;
  const named = program.commands.find((each) => each.name() === words.find((word) => !word.startsWith("-")));
  return failureIn(usageError(error, named ?? program), words);
}

function failureIn(error: unknown, words: readonly string[]): Failure {
  const known = mendable(error, "pipeline");
  return known === null ? defect(error, words) : mended(known);
}

function mended({ code, message, exitStatus }: PipelineError): Failure {
  return code === "interrupted"
    ? { code, message: "pipeline: stopped; finished work is kept", exitStatus }
    : { code, message, exitStatus };
}

/** A stack helps whoever mends the tool, and nobody else: it goes into a file, since what took hours is not done again to see it. */
function defect(error: unknown, words: readonly string[]): Failure {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const said = error instanceof Error ? error.message : String(error);
  const file = path.join(tmpdir(), `image-finetune-defect-${process.pid}.txt`);
  const report = [
    `pipeline.ts ${words.join(" ")}`,
    `Node ${process.version} on ${process.platform} ${process.arch}`,
    stack,
    "",
  ];
  const message = `pipeline: a defect of this tool, not of your photos or settings: ${said.split("\n")[0] ?? ""}`;
  return {
    code: "defect",
    message: `${message}\n  ${remedy(file, report.join("\n"))}`,
    exitStatus: 1,
    stack,
  };
}

function remedy(file: string, report: string): string {
  try {
    writeFileSync(file, report);
    return `please report it, with ${file}`;
  } catch {
    return "please report it, with what the same command and --verbose prints";
  }
}
