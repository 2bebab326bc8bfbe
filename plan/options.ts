import { z } from "zod";
import type { Json } from "../shared/artifacts/types.ts";
import { unexpected } from "../shared/errors.ts";
import { flagOf } from "../shared/options.ts";
import type { Stage } from "../shared/stage.ts";

/** A field of a stage's config as the command line and the config file see it. */
export interface Option {
  /** the field's name: "labelSmoothing" */
  readonly field: string;
  /** the flag's name: "label-smoothing" */
  readonly flag: string;
  readonly kind: "number" | "boolean" | "string";
  readonly help: string;
  readonly fallback: Json;
  /** false where it changes no byte of a result */
  readonly inKey: boolean;
  /** true where a stage need not agree about it with the stages before it */
  readonly ofEachStage: boolean;
  /** every stage that reads it, in the pipeline's order; the first one owns it */
  readonly stages: readonly string[];
  readonly schema: z.ZodType;
}

/** What z.toJSONSchema says of a field; `meta` fields come through as they are. */
interface FieldSchema {
  readonly type?: string;
  readonly anyOf?: readonly { readonly type?: string }[];
  readonly enum?: readonly (string | number)[];
  readonly description?: string;
  readonly default?: Json;
  readonly inKey?: boolean;
  readonly ofEachStage?: boolean;
}

/**
 * The options of all stages, read off their schemas: one declaration serves flags, file, help and
 * checks.
 */
export function optionsOf(stages: readonly Stage[]): Option[] {
  const options = new Map<string, Option>();
  for (const stage of stages) {
    const { properties = {} } = z.toJSONSchema(stage.config, { io: "input", unrepresentable: "any" });
    for (const [field, schema] of Object.entries(stage.config.shape)) {
      const already = options.get(field);
      if (already !== undefined) options.set(field, { ...already, stages: [...already.stages, stage.name] });
      else
        options.set(
          field,
          optionOf(field, stage.name, schema as z.ZodType, properties[field] as FieldSchema),
        );
    }
  }
  return [...options.values()];
}

function optionOf(field: string, stage: string, schema: z.ZodType, described: FieldSchema): Option {
  const choices = described.enum === undefined ? "" : ` (${described.enum.join(", ")})`;
  return {
    field,
    flag: flagOf(field),
    kind: kindOf(described),
    help: `${described.description ?? ""}${choices}`,
    fallback: described.default ?? null,
    inKey: described.inKey ?? true,
    ofEachStage: described.ofEachStage ?? false,
    stages: [stage],
    schema,
  };
}

/** A number with a word as its alternative ("find") is a number: text that is none stays text. */
function kindOf({ type, anyOf = [] }: FieldSchema): Option["kind"] {
  if (anyOf.some((one) => kindOf(one) === "number")) return "number";
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "boolean";
  return "string";
}

/** The value that a flag's text stands for, before the schema checks it: "3e-4" → 0.0003. */
export function valueOfText(option: Option, text: string | boolean): unknown {
  if (typeof text === "boolean") return text;
  if (option.kind === "number") return numberOf(text);
  if (option.kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

function numberOf(text: string): number | string {
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number) ? text : number;
}

/**
 * A value as the option's schema has it.
 *
 * @throws PipelineError `usage` that names the flag or field, what was expected and what came
 */
export function checked(option: Option, value: unknown, subject: string): Json {
  const result = option.schema.safeParse(value);
  if (result.success) return (result.data ?? null) as Json;
  throw unexpected("usage", {
    where: option.stages[0] ?? "pipeline",
    expected: expectedBy(result.error),
    subject,
    got: typeof value === "string" ? value : JSON.stringify(value),
    hint: `${option.flag}: ${option.help}`,
  });
}

/** What zod would have accepted, in its own words: "number to be >=1". */
function expectedBy(error: z.ZodError): string {
  const message = error.issues[0]?.message ?? "another value";
  const expected = /expected (.*?)(?:, received .*)?$/.exec(message)?.[1] ?? message;
  return expected === "int" ? "a whole number" : expected;
}
