import { expect, test } from "vitest";
import type { Session } from "../../../shared/engine/engine.ts";
import type { Tensor } from "../../../shared/onnx/graph.ts";
import { gradientRules } from "../../../shared/training/gradients.ts";
import { differentiated, gradientCases, inWords } from "./gradient-cases.ts";

test.for(gradientCases.map((one) => [inWords(one), one] as const))(
  "the gradient of %s is its finite difference",
  async ([, one]) => {
    const { session, feeds, names } = await differentiated("cpu", one);
    const outputs = await session.run(
      feeds,
      names.map((name) => `d.${name}`),
    );
    const [width, digits] = one.type === undefined ? [1e-5, 7] : [1e-2, 2];
    for (const name of names) {
      const numeric = await finiteDifferences(session, feeds, name, width);
      const derived = Array.from((outputs[`d.${name}`] as Tensor).data, Number);
      expect(derived).toHaveLength(numeric.length);
      for (const [i, slope] of numeric.entries()) expect(derived[i]).toBeCloseTo(slope, digits);
    }
    await session.close();
  },
);

test("every rule has a case here", () => {
  expect(Object.keys(gradientRules).filter((op) => !gradientCases.some((one) => one.op === op))).toEqual([]);
});

async function finiteDifferences(
  session: Session,
  feeds: Record<string, Tensor>,
  name: string,
  width: number,
) {
  const at = feeds[name] as Tensor;
  const lossAt = async (i: number, shift: number) => {
    const data = at.data.slice() as Float64Array | Float32Array;
    data[i] = (data[i] as number) + shift;
    const { loss } = await session.run({ ...feeds, [name]: { ...at, data } }, ["loss"]);
    return Number(loss?.data[0]);
  };
  const slopes: number[] = [];
  for (let i = 0; i < at.data.length; i++)
    slopes.push(((await lossAt(i, width)) - (await lossAt(i, -width))) / (2 * width));
  return slopes;
}
