import type { Command, Option } from "commander";

/** A flag as a shell completes it. */
export interface CompletedFlag {
  /** "--engine" */
  readonly name: string;
  readonly help: string;
  /** what may stand behind it: one of these words, any file, something that only the user knows, or nothing at all */
  readonly value: readonly string[] | "file" | "own" | "none";
}

export interface CompletedCommand {
  readonly name: string;
  readonly help: string;
  readonly flags: readonly CompletedFlag[];
  /** words that it takes beside its flags */
  readonly words: readonly string[];
}

/** A command line as a shell completes it. */
export interface Completed {
  /** of the function that is completed */
  readonly name: string;
  /** the words that the function stands for */
  readonly call: readonly string[];
  readonly flags: readonly CompletedFlag[];
  readonly commands: readonly CompletedCommand[];
}

/** The commands that commander knows, with the flags that each lists in its help. */
export function commandsOf(program: Command): Pick<Completed, "flags" | "commands"> {
  const flags = program.options.map(flagOf);
  const commands = program.commands.map((command) => ({
    name: command.name(),
    help: firstLine(command.description()),
    flags: [...command.options.filter(({ hidden }) => !hidden).map(flagOf), ...flags],
    words: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  }));
  return { flags, commands };
}

/** Placeholders behind which a path is meant; the stages' own flags say no more of a text than `<value>`. */
const paths = /<(file|folder|paths?)(\.\.\.)?>/;
const pathFlags = new Set(["--data", "--backbone", "--weights"]);

function flagOf({ long, flags, description, argChoices, required, optional }: Option): CompletedFlag {
  const name = long ?? flags;
  const value = !required && !optional ? "none" : (argChoices ?? (isPath(name, flags) ? "file" : "own"));
  return { name, help: firstLine(description), value };
}

function isPath(name: string, flags: string): boolean {
  return pathFlags.has(name) || paths.test(flags);
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

/** A word that a POSIX shell (and fish) takes as it is. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
