import { Command, Option as Flag, type CommanderError } from "commander";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { unexpected } from "../shared/errors.ts";
import { nearest } from "../shared/nearest.ts";
import type { Json } from "../shared/artifacts/types.ts";
import { flagText } from "./configs.ts";
import type { Option } from "./options.ts";

const endings = `
Exit status: 0 done; 2 a mistake on the command line or in the config; 3 in the photos or labels; 4 a missing or damaged artifact;
5 something that the machine cannot do; 130 stopped by Ctrl-C; 1 a defect of this tool.

With --json the standard output is one JSON document: the command's answer or, beside an exit status that is not 0,
{"error": {"code", "message", "exitStatus"}}. Progress goes to the standard error, coloured on a terminal (NO_COLOR, FORCE_COLOR).
`;

/** The command line, with the flags that every command has and no command yet. */
export function newProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return new Command("pipeline.ts")
    .description(
      "From a folder of labelled photos to a tuned classifier and a feature file; every stage can run alone.",
    )
    .usage("<command> [flags]")
    .version(version)
    .option("--json", "answer as one JSON document on the standard output, errors too")
    .addOption(new Flag("--quiet", "say nothing but errors and answers").conflicts("verbose"))
    .option("--verbose", "say reasons, engines, times and versions as well")
    .addHelpText("after", endings)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
}

/** Adds the flags that belong to no stage. */
export function addCommonFlags(command: Command): Command {
  return command
    .option("--run <name>", "which run's results to stand on (default: default)")
    .option("--artifacts <folder>", "where results are kept (default: artifacts)")
    .option("--config <file>", "the config file (default: pipeline.config.ts, where there is one)")
    .option("--workers <n>", "processes or threads for photos (default: the cores that it may use)");
}

/**
 * Adds the flags of stages, under the name of the stage that owns each: `own` stage's first, then
 * those before it. Flags of later stages are known, so that they can be refused with a reason, but
 * not listed.
 */
export function addStageFlags(command: Command, options: readonly Option[], own?: string): Command {
  const ownFirst = [...options].sort((a, b) => Number(b.stages[0] === own) - Number(a.stages[0] === own));
  const order = [...new Set(options.flatMap(({ stages }) => stages))];
  const isLater = ({ stages }: Option) =>
    own !== undefined && stages.every((stage) => order.indexOf(stage) > order.indexOf(own));
  for (const option of ownFirst) {
    const placeholder =
      option.kind === "boolean" ? "[true|false]" : `<${option.kind === "string" ? "value" : option.kind}>`;
    const flag = new Flag(`--${option.flag} ${placeholder}`, `${option.help}${defaultText(option.fallback)}`);
    // Known to help and completion; it is the stage's schema that holds a value to them.
    const choices = choicesOf(option.schema);
    if (choices !== null) flag.argChoices = choices;
    command.addOption(flag.helpGroup(`Flags of ${option.stages[0] ?? ""}:`).hideHelp(isLater(option)));
  }
  return command;
}

/** The words that a field may have; null where it may have others. */
function choicesOf(schema: Option["schema"]): string[] | null {
  const { enum: choices } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return choices === undefined ? null : choices.map(String);
}

function defaultText(fallback: Json): string {
  return fallback === null || fallback === "" ? "" : ` (default: ${flagText(fallback)})`;
}

/** A mistake on the command line in this project's words, with the nearest right one. */
export function usageError(error: CommanderError, command: Command): Error {
  const typed = /'(.*?)'/.exec(error.message)?.[1] ?? error.message;
  const word = typed.split(/[ =]/)[0] ?? typed;
  if (error.code === "commander.unknownOption")
    return unknown("a flag that it knows", word, flagsOf(command), command);
  if (error.code === "commander.excessArguments" && command.parent !== null) return excess(command);
  if (error.code === "commander.unknownCommand" || error.code === "commander.excessArguments") {
    const names = command.commands.map((each) => each.name());
    return unknown("a command that it knows", word, names, command);
  }
  return unexpected("usage", {
    where: "pipeline",
    expected: "a complete command line",
    subject: command.name(),
    got: error.message.replace(/^error: /, ""),
    hint: `npx zx pipeline.ts ${command.parent === null ? "" : `${command.name()} `}--help lists what it takes`,
  });
}

function unknown(expected: string, typed: string, known: readonly string[], command: Command): Error {
  const near = nearest(typed, known);
  const help = `npx zx pipeline.ts ${command.parent === null ? "" : `${command.name()} `}--help lists them all`;
  return unexpected("usage", {
    where: "pipeline",
    expected,
    subject: typed,
    got: "an unknown one",
    hint: near === null ? `${ownersOf(typed, command)}${help}` : `did you mean ${near}? ${help}`,
  });
}

/** Which other commands know a flag; "" where none does. */
function ownersOf(flag: string, command: Command): string {
  const others =
    command.parent?.commands.filter((each) => each.options.some(({ long }) => long === flag)) ?? [];
  const names = others.map((each) => each.name()).join(", ");
  return names === "" ? "" : `it is a flag of ${names}; `;
}

/** Commander does not say which word is too many. */
function excess(command: Command): Error {
  return unexpected("usage", {
    where: "pipeline",
    expected: command.registeredArguments.length === 0 ? "flags alone" : "fewer words beside the flags",
    subject: command.name(),
    got: "words that no flag takes",
    hint: `a flag begins with two dashes, a name with blanks stands in quotes: npx zx pipeline.ts ${command.name()} --help`,
  });
}

function flagsOf(command: Command): string[] {
  return command.options.flatMap(({ long }) => (long === undefined ? [] : [long]));
}
