import { pathToFileURL } from "node:url";
import path from "node:path";
import { access } from "node:fs/promises";
import type { Json } from "../shared/artifacts/types.ts";
import { unexpected } from "../shared/errors.ts";
import { nearest } from "../shared/nearest.ts";
import { checked, type Option, valueOfText } from "./options.ts";

/** A value that the user gave, and where: "--lr" or "pipeline.config.ts: lr". */
export interface Given {
  readonly value: Json;
  readonly origin: string;
}

/**
 * What the user gave, by the field's name. Flags win over the file; what is not given has its
 * stage's default.
 */
export type Settings = ReadonlyMap<string, Given>;

/** Read where it is there and no other is named. */
export const configFileName = "pipeline.config.ts";

/** Joins flags and config file, each value checked by its stage's schema. */
export async function settingsOf(
  options: readonly Option[],
  flags: Readonly<Record<string, string | boolean | undefined>>,
  configFile: string | undefined,
): Promise<Settings> {
  const fields = await readConfigFile(configFile);
  const settings = new Map(settingsIn(options, fields, configFile ?? configFileName));
  for (const option of options) {
    const text = flags[option.field];
    if (text === undefined) continue;
    const subject = `--${option.flag}`;
    settings.set(option.field, {
      value: checked(option, valueOfText(option, text), subject),
      origin: subject,
    });
  }
  return withAbsolutePaths(settings);
}

/**
 * Fields as settings, each value checked by its stage's schema; one that is undefined is not given.
 *
 * @param origin what has the fields, for messages
 * @throws PipelineError `usage` where no stage reads a field, or not with such a value
 */
export function settingsIn(
  options: readonly Option[],
  fields: Readonly<Record<string, unknown>>,
  origin: string,
): Settings {
  const settings = new Map<string, Given>();
  for (const [field, value] of Object.entries(fields)) {
    const option = options.find((each) => each.field === field);
    const subject = `${origin}: ${field}`;
    if (option === undefined) throw unknownField(field, subject, options);
    if (value !== undefined) settings.set(field, { value: checked(option, value, subject), origin: subject });
  }
  return withAbsolutePaths(settings);
}

/** Paths count from where the command is given, not from where a later one is. */
function withAbsolutePaths(given: Settings): Settings {
  const settings = new Map(given);
  for (const field of ["data", "weights", "backbone"]) {
    const own = given.get(field);
    if (typeof own?.value !== "string" || (field === "backbone" && !own.value.endsWith(".onnx"))) continue;
    settings.set(field, { ...own, value: path.resolve(own.value) });
  }
  return settings;
}

async function readConfigFile(given: string | undefined): Promise<Record<string, unknown>> {
  const file = path.resolve(given ?? configFileName);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (!there && given === undefined) return {};
  if (!there)
    throw unexpected("usage", {
      where: "pipeline",
      expected: "a file",
      subject: `--config ${given ?? ""}`,
      got: "none there",
    });
  const { default: config } = await loaded(file, given ?? configFileName);
  if (typeof config !== "object" || config === null)
    throw unexpected("usage", {
      where: "pipeline",
      expected: "export default defineConfig({ … })",
      subject: given ?? configFileName,
      got: `a default export that is ${config === undefined ? "missing" : typeof config}`,
    });
  return config as Record<string, unknown>;
}

/** The file is the user's own program: whatever it throws is theirs to mend. */
async function loaded(file: string, subject: string): Promise<{ readonly default?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (cause) {
    const said = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    // esbuild's first line only counts the errors; they follow, a line each.
    const got = said.find((line) => line.includes(": ERROR: ")) ?? said[0] ?? "";
    throw unexpected("usage", {
      where: "pipeline",
      expected: "a config file that can be loaded",
      subject,
      got,
      hint: "npx zx pipeline.ts init --data FOLDER writes one",
      cause,
    });
  }
}

function unknownField(field: string, subject: string, options: readonly Option[]): Error {
  const near = nearest(
    field,
    options.map((option) => option.field),
  );
  return unexpected("usage", {
    where: "pipeline",
    expected: "a field that some stage reads",
    subject,
    got: "an unknown one",
    ...(near === null ? {} : { hint: `did you mean ${near}?` }),
  });
}
