import { expect, test } from "vitest";
import { canonicalJson, differences, digestOf, keyOf } from "../../../shared/artifacts/key.ts";
import type { KeyParts } from "../../../shared/artifacts/types.ts";

const parts: KeyParts = {
  stage: "train",
  version: 1,
  config: { lr: 0.001, head: "linear" },
  inputs: { embed: "a".repeat(64) },
  libraries: { "onnxruntime-node": "1.30.0" },
  source: null,
};

test("canonical JSON does not depend on the order in which fields were set", () => {
  expect(canonicalJson({ b: [1, { d: null, c: "x" }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}');
  expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
});

test("a key changes with every part of it", () => {
  const others: KeyParts[] = [
    { ...parts, stage: "embed" },
    { ...parts, version: 2 },
    { ...parts, config: { ...parts.config, lr: 0.002 } },
    { ...parts, inputs: { embed: "b".repeat(64) } },
    { ...parts, libraries: { "onnxruntime-node": "1.31.0" } },
    { ...parts, source: { rows: "c" } },
  ];
  const keys = [parts, ...others].map(keyOf);
  expect(new Set(keys).size).toBe(keys.length);
});

test("two keys are compared component by component", () => {
  const after = { ...parts, config: { head: "linear", lr: 3e-4 }, inputs: { embed: "b".repeat(64) } };
  expect(differences(parts, after)).toEqual([
    { component: "inputs.embed", before: "a".repeat(64), after: "b".repeat(64) },
    { component: "config.lr", before: 0.001, after: 3e-4 },
  ]);
  expect(differences(parts, parts)).toEqual([]);
});
