import { type Completed, type CompletedFlag, quoted } from "./tree.ts";

/** A script for bash (its manual, "Programmable Completion"). Where nothing is offered, bash offers files. */
export function bashCompletion({ name, call, flags, commands }: Completed): string {
  const choices = commands.flatMap((command) =>
    command.flags.flatMap((flag) =>
      typeof flag.value === "string" ? [] : [choiceOf(command.name, flag, flag.value)],
    ),
  );
  const waiting = (value: CompletedFlag["value"]) => [
    ...new Set(
      commands
        .flatMap((command) => command.flags.filter((flag) => flag.value === value))
        .map((flag) => flag.name),
    ),
  ];
  const words = commands.map(
    (command) =>
      `    ${command.name}) words=${quoted([...command.words, ...command.flags.map((flag) => flag.name)].join(" "))} ;;`,
  );
  const first = [...commands.map((command) => command.name), ...flags.map((flag) => flag.name)];
  return `${name}() { ${call.map(quoted).join(" ")} "$@"; }
_${name}_completion() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= words= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${commands.map((command) => command.name).join("|")}) command=$word; break ;; esac
  done
  COMPREPLY=()
  case $command:$before in
${choices.join("\n")}
    ${[...waiting("file"), ...waiting("own")].map((flag) => `*:${flag}`).join("|")}) return ;;
  esac
  case $command in
    '') words=${quoted(first.join(" "))} ;;
${words.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${name}_completion ${name}
`;
}

function choiceOf(command: string, { name }: CompletedFlag, choices: readonly string[]): string {
  return `    ${command}:${name}) COMPREPLY=($(compgen -W ${quoted(choices.join(" "))} -- "$current")); return ;;`;
}
