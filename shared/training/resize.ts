import type { GraphBuilder, Value } from "./builder.ts";
import { attributeFloat, attributeInt, attributeString, misfit, operand } from "./shapes/operands.ts";
import type { Operands } from "./shapes/operands.ts";

/** How one axis is resized. */
interface Axis {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
}

/** What an output takes of the inputs: places, which may lie outside, and what each weighs. */
type Taps = readonly (readonly [place: number, weight: number])[];

/**
 * Resize (ONNX's Operators.md) as a product of matrices a resized axis: each output is a weighted sum of inputs. Outside an axis
 * its last number goes on. Only the last two axes may be resized.
 *
 * @throws PipelineError `engine` naming the node, for what torch's interpolate does not ask for
 */
export function resized(o: Operands, g: GraphBuilder): Value {
  const a = operand(o, 0);
  for (const [name, usual] of [["antialias", 0] as const, ["exclude_outside", 0] as const])
    if (attributeInt(o, name, usual) !== usual) throw misfit(o, `no ${name}`, "it");
  const policy = attributeString(o, "keep_aspect_ratio_policy", "stretch");
  if (policy !== "stretch") throw misfit(o, "sides that are stretched", policy);
  if (o.attributes["axes"] !== undefined) throw misfit(o, "all axes", "some");
  const axes = axesOf(o, a);
  const last = a.dims.length - 1;
  if (axes.some(({ input, output }, axis) => axis < last - 1 && input !== output))
    throw misfit(o, "height and width to be resized", "another axis");
  const [rows, columns] = [axes[last - 1], axes[last]];
  const wide =
    columns && columns.input !== columns.output ? g.matMul(a, g.transposed(matrixOf(o, g, columns, a))) : a;
  return rows && rows.input !== rows.output ? g.matMul(matrixOf(o, g, rows, a), wide) : wide;
}

function axesOf(o: Operands, { dims }: Value): Axis[] {
  const numbers = (position: number) => {
    const input = o.inputs[position];
    const tensor = input ? o.constant(input) : undefined;
    return tensor && tensor.data.length > 0 ? Array.from(tensor.data as Float32Array, Number) : null;
  };
  const [scales, sizes] = [numbers(2), numbers(3)];
  if (scales === null && sizes === null) throw misfit(o, "constant scales or sizes", "computed ones");
  return dims.map((input, axis) => {
    const output = sizes?.[axis] ?? Math.floor(input * (scales?.[axis] ?? 1));
    return { input, output, scale: scales?.[axis] ?? output / input };
  });
}

/** [output, input] */
function matrixOf(o: Operands, g: GraphBuilder, axis: Axis, { type }: Value): Value {
  const { input, output } = axis;
  const taps = tapsOf(o);
  const identity = `resize ${JSON.stringify([axis, o.attributes])}`;
  return g.floats(identity, type, [output, input], () => {
    const matrix = new Float64Array(output * input);
    for (let to = 0; to < output; to++)
      for (const [place, weight] of taps(sourceOf(o, axis, to))) {
        const at = to * input + Math.min(Math.max(place, 0), input - 1);
        matrix[at] = (matrix[at] as number) + weight;
      }
    return matrix;
  });
}

/** Where on the input an output lies. */
function sourceOf(o: Operands, { input, output, scale }: Axis, to: number): number {
  const mode = attributeString(o, "coordinate_transformation_mode", "half_pixel");
  switch (mode) {
    case "half_pixel":
      return (to + 0.5) / scale - 0.5;
    case "pytorch_half_pixel":
      return output > 1 ? (to + 0.5) / scale - 0.5 : 0;
    case "align_corners":
      return output > 1 ? (to * (input - 1)) / (output - 1) : 0;
    case "asymmetric":
      return to / scale;
    default:
      throw misfit(o, "a known coordinate transformation", mode);
  }
}

function tapsOf(o: Operands): (source: number) => Taps {
  const mode = attributeString(o, "mode", "nearest");
  if (mode === "nearest") return nearest(o);
  if (mode === "linear") return linear;
  if (mode === "cubic") return cubic(attributeFloat(o, "cubic_coeff_a", -0.75));
  throw misfit(o, "nearest, linear or cubic", mode);
}

function nearest(o: Operands): (source: number) => Taps {
  const mode = attributeString(o, "nearest_mode", "round_prefer_floor");
  const rounds: Readonly<Record<string, (source: number) => number>> = {
    floor: Math.floor,
    ceil: Math.ceil,
    round_prefer_floor: (source) => Math.ceil(source - 0.5),
    round_prefer_ceil: (source) => Math.floor(source + 0.5),
  };
  const round = Object.hasOwn(rounds, mode) ? rounds[mode] : undefined;
  if (round === undefined) throw misfit(o, "a known rounding", mode);
  return (source) => [[round(source), 1]];
}

function linear(source: number): Taps {
  const first = Math.floor(source);
  return [
    [first, 1 - (source - first)],
    [first + 1, source - first],
  ];
}

/** Cubic convolution (Keys, 1981) with the coefficient a at distance 1 to 2. */
function cubic(a: number): (source: number) => Taps {
  const weight = (x: number) =>
    x <= 1 ? (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1 : a * (x ** 3 - 5 * x ** 2 + 8 * x - 4);
  return (source) => {
    const first = Math.floor(source);
    return [-1, 0, 1, 2].map((step) => [first + step, weight(Math.abs(source - first - step))] as const);
  };
}
