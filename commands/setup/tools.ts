import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PipelineError, unexpected } from "../../shared/errors.ts";

/** Runs a program in a folder and answers what it printed. */
type Tool = (words: readonly string[], folder: string) => Promise<string>;

/** The programs of others that a build needs. */
export interface Tools {
  readonly npm: Tool;
  readonly node: Tool;
  readonly pip: Tool;
}

/** What is asked of the machine, how to see that it is there, and what brings it. */
function needed(python: string) {
  return [
    { words: ["npm", "--version"], name: "npm", hint: "install npm" },
    {
      words: [python, "--version"],
      name: "Python 3",
      hint: "apt-get install python3, or name one by PYTHON",
    },
    { words: [python, "-m", "pip", "--version"], name: "pip", hint: "apt-get install python3-pip" },
    { words: ["make", "--version"], name: "make", hint: "apt-get install make" },
    { words: ["g++", "--version"], name: "a C++ compiler", hint: "apt-get install g++" },
  ] as const;
}

/**
 * @param names of those that are needed; left out: all
 * @throws PipelineError `engine` naming the first tool that is not there, and what brings it
 */
export async function expectTools(signal: AbortSignal, names?: readonly string[]): Promise<Tools> {
  for (const { words, name, hint } of needed(python())) {
    if (names?.includes(name) === false) continue;
    const [program, ...rest] = words;
    await output(program, rest, process.cwd(), signal).catch((cause: unknown) => {
      if (cause instanceof PipelineError && cause.code === "interrupted") throw cause;
      throw unexpected("engine", {
        ...{ where: "setup", expected: name, subject: words.join(" "), got: "none", hint, cause },
      });
    });
  }
  const tool =
    (program: string, ...first: string[]): Tool =>
    (words, folder) =>
      output(program, [...first, ...words], folder, signal);
  return {
    npm: tool("npm"),
    node: tool(process.execPath),
    pip: tool(python(), "-m", "pip", "--disable-pip-version-check"),
  };
}

function python(): string {
  return process.env["PYTHON"] ?? "python3";
}

/** @throws PipelineError `engine` with the program's own reason; `interrupted` */
async function output(
  program: string,
  words: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    const options = { cwd: folder, env: environment(), signal, maxBuffer: 64 << 20 };
    return (await promisify(execFile)(program, words, options)).stdout;
  } catch (cause) {
    if (signal.aborted) throw new PipelineError("interrupted", "setup: interrupted", { cause });
    const { stderr = "", stdout = "", message } = cause as Error & { stderr?: string; stdout?: string };
    throw unexpected("engine", {
      where: "setup",
      expected: "success",
      subject: [program, ...words.slice(0, 4)].join(" "),
      got: reasonIn(stderr) || reasonIn(stdout) || message,
      cause,
    });
  }
}

/**
 * The user's settings, without those that npx and `--import tsx` made for this project's own
 * processes.
 */
function environment(): NodeJS.ProcessEnv {
  const npms = "local_prefix|node_options|ignore_scripts|allow_scripts|loglevel|update_notifier";
  const ours = new RegExp(`^(NODE_OPTIONS|npm_config_(${npms})|npm_(package|lifecycle)_.*)$`, "i");
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

/** The lines that speak of errors, the first first; without any, the last ones. */
function reasonIn(text: string): string {
  const lines = text.trim().split("\n");
  const errors = lines.filter((line) => /error/i.test(line));
  return (errors.length > 0 ? errors.slice(0, 6) : lines.slice(-6)).join("\n  ");
}
