import { expect, test } from "vitest";
import { parsePart, shareOf } from "../../shared/part.ts";

test("the parts of a list are disjoint and make up the whole", () => {
  const items = Array.from({ length: 10 }, (_, i) => i);
  const shares = [1, 2, 3, 4].map((index) => shareOf(items, { index, count: 4 }));
  expect(shares.map((share) => share.length)).toEqual([3, 3, 2, 2]);
  expect(shares.flat().sort((a, b) => a - b)).toEqual(items);
  expect(shareOf(items, null)).toEqual(items);
});

test("a part is given as i/N", () => {
  expect(parsePart("2/4", {})).toEqual({ index: 2, count: 4 });
  for (const text of ["0/4", "5/4", "4", "a/b", "1/0"])
    expect(() => parsePart(text, {})).toThrow(/expected i\/N/);
});

test("auto reads the environment of each kind of array job", () => {
  const slurm = { SLURM_ARRAY_TASK_ID: "7", SLURM_ARRAY_TASK_COUNT: "4", SLURM_ARRAY_TASK_MIN: "5" };
  expect(parsePart("auto", slurm)).toEqual({ index: 3, count: 4 });
  expect(parsePart("auto", { JOB_COMPLETION_INDEX: "0", JOB_COMPLETIONS: "4" })).toEqual({
    index: 1,
    count: 4,
  });
  expect(parsePart("auto", { AWS_BATCH_JOB_ARRAY_INDEX: "3", AWS_BATCH_JOB_ARRAY_SIZE: "4" })).toEqual({
    index: 4,
    count: 4,
  });
  expect(parsePart("auto", { CLOUD_RUN_TASK_INDEX: "1", CLOUD_RUN_TASK_COUNT: "2" })).toEqual({
    index: 2,
    count: 2,
  });
  expect(() => parsePart("auto", {})).toThrow(/environment of an array job .*Slurm, Kubernetes/);
});
