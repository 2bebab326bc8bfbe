import util from "node:util";

/** How everything that a command line starts speaks: read once from its words, and handed to the stages' processes in their orders. */
export interface Voice {
  /** nothing but errors and answers */
  readonly quiet: boolean;
  /** reasons, engines, times and versions beside the rest */
  readonly verbose: boolean;
  /** answers and errors are one JSON document on the standard output */
  readonly json: boolean;
  /** whether what goes to the standard error, and what goes to the standard output, is coloured */
  readonly colours: { readonly messages: boolean; readonly answers: boolean };
}

/** What is spoken where no command line says otherwise. */
export const plainVoice: Voice = {
  quiet: false,
  verbose: false,
  json: false,
  colours: { messages: false, answers: false },
};

/** A stream that may be a terminal. */
type Output = Pick<NodeJS.WriteStream, "isTTY">;

/**
 * The voice that a command line asks for. Its words are looked at before they are parsed, so that a mistake among them is said in
 * this voice too.
 *
 * @param words of the command line; those behind `--` are not flags
 */
export function voiceOf(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  streams: { readonly stdout: Output; readonly stderr: Output },
): Voice {
  const end = words.indexOf("--");
  const flags = new Set(end < 0 ? words : words.slice(0, end));
  const json = flags.has("--json");
  const coloured = (output: Output) => !json && isColoured(output, environment);
  return {
    ...{ quiet: flags.has("--quiet"), verbose: flags.has("--verbose"), json },
    colours: { messages: coloured(streams.stderr), answers: coloured(streams.stdout) },
  };
}

/** As Node's own `getColorDepth` decides (lib/internal/tty.js): FORCE_COLOR before NO_COLOR before what the terminal is. */
function isColoured({ isTTY }: Output, environment: Readonly<Record<string, string | undefined>>): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused = "", TERM: terminal } = environment;
  if (forced !== undefined) return !["0", "false"].includes(forced);
  return isTTY && refused === "" && terminal !== "dumb";
}

/** The one look of all messages: what each kind of text is drawn as. */
export interface Look {
  readonly speaker: (text: string) => string;
  readonly error: (text: string) => string;
  readonly remedy: (text: string) => string;
  readonly good: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** Without colours, every text stays as it is. */
export function lookWith(colours: boolean): Look {
  const drawn = (style: Parameters<typeof util.styleText>[0]) =>
    colours
      ? // The stream was looked at already: Node 22 would look at the standard output, whatever the text is for.
        (text: string) => util.styleText(style, text, { validateStream: false })
      : (text: string) => text;
  return {
    speaker: drawn("cyan"),
    error: drawn("red"),
    remedy: drawn("yellow"),
    good: drawn("green"),
    faint: drawn("dim"),
  };
}

/** An error's message: what was wrong, and below it, indented, what mends it. */
export function drawnError(message: string, look: Look): string {
  return message
    .split("\n")
    .map((line) => (/^\s/.test(line) ? look.remedy(line) : look.error(line)))
    .join("\n");
}
