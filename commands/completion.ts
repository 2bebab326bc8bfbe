import { fileURLToPath } from "node:url";
import { Argument, type Command } from "commander";
import { bashCompletion } from "./completion/bash.ts";
import { fishCompletion } from "./completion/fish.ts";
import { commandsOf, type Completed } from "./completion/tree.ts";
import { zshCompletion } from "./completion/zsh.ts";
import type { Speaking } from "./command.ts";

const shells: Readonly<Record<string, (completed: Completed) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const usage = `
npx zx pipeline.ts is three words, which no shell completes. So the script defines a function, ft, that stands for them wherever you
are, and completes that: commands, flags, their choices, and files behind the flags that take one.

  bash (~/.bashrc)                    eval "$(npx --silent zx pipeline.ts completion bash)"
  zsh (~/.zshrc, behind compinit)     eval "$(npx --silent zx pipeline.ts completion zsh)"
  fish (~/.config/fish/config.fish)   npx --silent zx pipeline.ts completion fish | source

It knows the flags of the day on which it was made; names of runs and values joined by = (--engine=cpu) are not completed.
`;

/** `completion`: a script that lets a shell complete the command line. */
export function addCompletion(program: Command, { answer }: Speaking): void {
  program
    .command("completion")
    .description("print a script for your shell that completes commands, flags and their choices")
    .addArgument(new Argument("<shell>", "whose").choices(Object.keys(shells)))
    .option("--name <function>", "of the function that stands for npx zx pipeline.ts", "ft")
    .addHelpText("after", usage)
    .action((shell: string, { name }: { name: string }) => {
      const text = shells[shell]?.({ name, call: callOf(), ...commandsOf(program) }) ?? "";
      answer({ text, json: { shell, script: text } });
    });
}

/** The words that start this tool from any folder: this Node, with the loader of TypeScript that it was started with. */
function callOf(): string[] {
  const script = fileURLToPath(new URL("../pipeline.ts", import.meta.url));
  return [process.execPath, "--import", import.meta.resolve("tsx"), script];
}
