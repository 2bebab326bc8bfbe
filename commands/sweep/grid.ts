import { checked, type Option, valueOfText } from "../../plan/options.ts";
import type { Json } from "../../shared/artifacts/types.ts";
import { unexpected } from "../../shared/errors.ts";
import { nearest } from "../../shared/nearest.ts";

/** One setting of train with the values that it takes in turn. */
export interface Axis {
  readonly option: Option;
  readonly values: readonly Json[];
}

/** A point of the grid: a value for each swept field. */
export type Point = ReadonlyMap<string, Json>;

/** Fields that decide where a sweep computes or what it is scored on: not what is tried. */
const notTried: ReadonlySet<string> = new Set([
  "fold",
  "backbone",
  "weights",
  "normalisation",
  "engine",
  "device",
]);

/** The options that can be swept, of all there are. */
export function sweepable(options: readonly Option[], stage: string): Option[] {
  return options.filter(({ field, stages }) => stages.includes(stage) && !notTried.has(field));
}

/**
 * What `--sweep NAME=VALUES …` asks for. VALUES is a list with commas, or LOW..HIGH: points at
 * equal ratios, both ends among them.
 *
 * @param points how many points a range has, from 2
 * @throws PipelineError `usage` naming the word that is wrong, with the nearest right name, or the
 * value that the option refuses
 */
export function axesOf(words: readonly string[], options: readonly Option[], points: number): Axis[] {
  const axes = words.map((word) => axisOf(word, options, points));
  const twice = axes.find(({ option }, i) => axes.findIndex((other) => other.option === option) < i);
  if (twice === undefined) return axes;
  throw unexpected("usage", {
    where: "sweep",
    expected: "each setting once",
    subject: `--sweep ${twice.option.flag}`,
    got: "it twice",
    hint: `give its values in one list: ${twice.option.flag}=A,B,C`,
  });
}

/** Every combination of the axes' values; the last axis turns fastest. */
export function pointsOf(axes: readonly Axis[]): Point[] {
  return axes.reduce<Point[]>(
    (before, { option, values }) =>
      before.flatMap((point) => values.map((value) => new Map([...point, [option.field, value]]))),
    [new Map()],
  );
}

function axisOf(word: string, options: readonly Option[], points: number): Axis {
  const [, name = "", values = ""] = /^([^=]+)=(.+)$/.exec(word) ?? [];
  if (name === "") throw malformed(word);
  const option = options.find(({ flag }) => flag === name);
  if (option === undefined) throw unknownName(name, options);
  const range = option.kind === "number" ? /^([^,]+?)\.\.([^,]+)$/.exec(values) : null;
  const taken =
    range === null
      ? values.split(",").map((text) => valueIn(option, text))
      : between(option, range[1] ?? "", range[2] ?? "", points);
  return { option, values: [...new Set(taken)] };
}

function valueIn(option: Option, text: string): Json {
  const subject = `--sweep ${option.flag}`;
  const value = checked(option, valueOfText(option, text.trim()), subject);
  if (value !== "find") return value;
  throw unexpected("usage", { where: "sweep", expected: "rates", subject, got: '"find"' });
}

/** Points at equal ratios, to three digits; whole numbers where the option takes no others. */
function between(option: Option, lowText: string, highText: string, points: number): Json[] {
  const [low, high] = [valueIn(option, lowText), valueIn(option, highText)];
  if (typeof low !== "number" || typeof high !== "number" || low <= 0 || high <= low)
    throw unexpected("usage", {
      where: "sweep",
      expected: "LOW..HIGH, both above 0 and LOW the lower",
      subject: `--sweep ${option.flag}`,
      got: `${lowText}..${highText}`,
    });
  // A value between the two that is no whole number: is it taken?
  const takesFractions = option.schema.safeParse(low + (high - low) / Math.PI).success;
  const inner = Array.from({ length: points - 2 }, (_, i) => low * (high / low) ** ((i + 1) / (points - 1)));
  const rounded = inner.map((value) => (takesFractions ? Number(value.toPrecision(3)) : Math.round(value)));
  return [low, ...rounded, high];
}

function malformed(word: string) {
  return unexpected("usage", {
    where: "sweep",
    expected: "NAME=VALUES",
    subject: "--sweep",
    got: word,
    hint: "such as lr=1e-4..1e-2, or unfreeze=0,2,4",
  });
}

function unknownName(name: string, options: readonly Option[]) {
  const flags = options.map(({ flag }) => flag);
  const near = nearest(name, flags);
  return unexpected("usage", {
    where: "sweep",
    expected: "a setting of train",
    subject: `--sweep ${name}`,
    got: "an unknown one",
    hint: near === null ? `there are ${flags.join(", ")}` : `did you mean ${near}?`,
  });
}
