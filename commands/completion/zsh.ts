import { type Completed, type CompletedFlag, quoted } from "./tree.ts";

/** A script for zsh (zshcompsys(1), `_describe`). */
export function zshCompletion({ name, call, flags, commands }: Completed): string {
  const values = commands.flatMap((command) =>
    command.flags.flatMap((flag) =>
      flag.value === "none" ? [] : [`    ${command.name}:${flag.name}) ${actionOf(flag.value)}; return ;;`],
    ),
  );
  const own = commands.map((command) => {
    const words = command.words.map((word) => quoted(word));
    return `    ${command.name}) offered=(${[...words, ...command.flags.map(described)].join(" ")}) ;;`;
  });
  return `${name}() { ${call.map(quoted).join(" ")} "$@"; }
_${name}_completion() {
  local command= word
  local -a offered
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case $word in ${commands.map((command) => command.name).join("|")}) command=$word; break ;; esac
  done
  case $command:\${words[CURRENT-1]} in
${values.join("\n")}
  esac
  case $command in
    '') offered=(${[...commands, ...flags].map(described).join(" ")}) ;;
${own.join("\n")}
  esac
  _describe ${name} offered || _files
}
compdef _${name}_completion ${name}
`;
}

function actionOf(value: CompletedFlag["value"]): string {
  return typeof value === "string" ? "_files" : `compadd -- ${value.map(quoted).join(" ")}`;
}

/** A name and what it does, as `_describe` takes it: a colon between them. */
function described({ name, help }: { readonly name: string; readonly help: string }): string {
  return quoted(`${name.replaceAll(":", "\\:")}:${help}`);
}
