import { describe, expect, it } from "vitest";
import { nearestNeighbours } from "../../../commands/classify/nearest-neighbours.ts";
import { golden, largestDifference, matrixOf, meansOf, problem } from "./golden.ts";

describe("k-NN", () => {
  it("finds scikit-learn's neighbours by cosine", async () => {
    const settings = golden.neighbours.map(({ k }) => ({ k }));
    const answers = await nearestNeighbours.answers(problem, settings, meansOf());
    for (const [i, { probabilities, predicted }] of golden.neighbours.entries()) {
      expect(largestDifference(answers[i]?.scores ?? problem.scored, probabilities)).toBeLessThan(1e-6);
      expect([...(answers[i]?.predicted ?? [])]).toEqual(predicted);
    }
  });

  it("gives each file's features the same weight, however large they are", async () => {
    // By the first two columns row 0 is nearest; the third, a thousand times as large, says nothing.
    const training = matrixOf([
      [1, 0, 1000],
      [0, 1, 2000],
    ]);
    const [answer] = await nearestNeighbours.answers(
      {
        training,
        labels: Int32Array.of(1, 0),
        classes: 2,
        blocks: [2, 1],
        scored: matrixOf([[0.9, 0.1, 3000]]),
      },
      [{ k: 1 }],
      meansOf(),
    );
    expect([...(answer?.predicted ?? [])]).toEqual([1]);
  });

  it("asks for no more neighbours than there are rows", () => {
    expect(nearestNeighbours.settings(4, 10, 2)).toEqual([{ k: 1 }, { k: 3 }]);
  });
});
