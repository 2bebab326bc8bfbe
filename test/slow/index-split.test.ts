import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { stratifiedSplit } from "../../stages/index/split/stratified.ts";
import { hasPython, python } from "./python.ts";

const labelsFile = "../shared/data/dogs-90px/labels.csv";

const program = `
import csv, json, sys, numpy
from sklearn.model_selection import StratifiedShuffleSplit
labels = numpy.array([row["breed"] for row in csv.DictReader(open(sys.argv[1]))])
for seed in (0, 1, 2, 42, 4294967295):
    for fraction in (0.1, 0.2, 1 / 3):
        split = StratifiedShuffleSplit(n_splits=1, test_size=fraction, random_state=seed)
        (train, validation), = split.split(labels, labels)
        print(json.dumps([seed, fraction, sorted(validation.tolist())]))
`;

it.skipIf(!existsSync(labelsFile) || !hasPython("sklearn"))(
  `equals scikit-learn's on the dog-breed labels for five seeds and three fractions (needs ${labelsFile})`,
  () => {
    const lines = readFileSync(labelsFile, "utf8").trim().split(/\r?\n/).slice(1);
    const labels = lines.map((line) => line.split(",")[1] as string);
    const output = python("-c", program, labelsFile);
    const splits = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as [number, number, number[]]);
    expect(splits).toHaveLength(15);
    for (const [seed, fraction, expected] of splits) {
      const rows = stratifiedSplit(labels, fraction, seed).flatMap((is, row) => (is ? [row] : []));
      expect(rows, `seed ${seed}, fraction ${fraction}`).toEqual(expected);
    }
    const usual = stratifiedSplit(labels, 0.1, 0).filter(Boolean).length;
    expect([labels.length - usual, usual]).toEqual([9199, 1023]);
  },
);
