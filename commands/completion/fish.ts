import { type Completed, type CompletedCommand, type CompletedFlag, quoted } from "./tree.ts";

/** A script for fish (its manual, `complete`). */
export function fishCompletion({ name, call, flags, commands }: Completed): string {
  const before = "__fish_use_subcommand";
  const lines = [
    `function ${name}; ${call.map(inFish).join(" ")} $argv; end`,
    `complete -c ${name} -n ${before} -f`,
    ...commands.map(
      (command) => `complete -c ${name} -n ${before} -a ${command.name} -d ${inFish(command.help)}`,
    ),
    ...flags.map((flag) => lineOf(name, before, flag)),
    ...commands.flatMap((command) => linesOf(name, command)),
  ];
  return `${lines.join("\n")}\n`;
}

function linesOf(name: string, command: CompletedCommand): string[] {
  const within = `'__fish_seen_subcommand_from ${command.name}'`;
  const words =
    command.words.length === 0
      ? []
      : [`complete -c ${name} -n ${within} -f -a ${quoted(command.words.join(" "))}`];
  return [...words, ...command.flags.map((flag) => lineOf(name, within, flag))];
}

function lineOf(name: string, condition: string, { name: flag, help, value }: CompletedFlag): string {
  const behind =
    value === "none"
      ? ""
      : value === "file"
        ? " -r -F"
        : value === "own"
          ? " -x"
          : ` -x -a ${quoted(value.join(" "))}`;
  return `complete -c ${name} -n ${condition} -l ${flag.replace(/^--/, "")}${behind} -d ${inFish(help)}`;
}

/** fish's single quotes know two escapes: \\' and \\\\. */
function inFish(word: string): string {
  return `'${word.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
