import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { config as schema, type IndexConfig } from "../../../../stages/index/config.ts";
import { withLikeness } from "../../../../stages/index/likeness.ts";
import type { Split } from "../../../../stages/index/row.ts";
import type { HashedRow } from "../../../../stages/index/split/near-duplicates.ts";
import { splitByGroups } from "../../../../stages/index/split/split-groups.ts";
import { isValidationByHash } from "../../../../stages/index/split/hash.ts";

/** A row whose id, path and sha256 are its name. */
function row(name: string, perceptualHash: string, fields: Partial<HashedRow> = {}): HashedRow {
  return {
    ...{ id: name, path: name, sha256: name, perceptualHash },
    ...{ label: "cat", given: null, group: null, problem: null, split: "train", ...fields },
  };
}

const settings = (given: Partial<IndexConfig>): IndexConfig => schema.parse(given);

/** Hashes that are far from one another, with the lowest so many bits turned. */
const far = (i: number, bits = 0) => {
  const digest = createHash("sha256").update(String(i)).digest("hex").slice(0, 16);
  return (BigInt(`0x${digest}`) ^ ((1n << BigInt(bits)) - 1n)).toString(16).padStart(16, "0");
};

const groupsOf = (rows: readonly HashedRow[]) => Object.fromEntries(rows.map(({ id, group }) => [id, group]));

describe("groups", () => {
  it("are of photos near one another, directly or by others, named by their lowest sha256", () => {
    const rows = [row("c", far(1)), row("b", far(1, 3)), row("a", far(1, 6)), row("d", far(2))];
    const { rows: grouped, remarks } = withLikeness(rows, true, settings({ nearDuplicates: 3 }));
    expect(groupsOf(grouped)).toEqual({ a: "a", b: "a", c: "a", d: null });
    expect(remarks).toEqual([
      "--near-duplicates 3: 3 photos nearly repeat one another in 1 group, the largest of 3; the given split stays as it is",
      "the largest group is more likely a chain of different photos than copies of one: try a smaller --near-duplicates",
    ]);
  });

  it("join the list's own, under the first of their names", () => {
    const rows = [
      row("a", far(1), { group: "shop" }),
      row("b", far(2), { group: "shop" }),
      row("c", far(2, 2), { group: "home" }),
      row("d", far(3), { group: "home" }),
      row("e", far(4), { group: "by itself" }),
      row("f", far(4, 1)),
    ];
    const grouped = withLikeness(rows, true, settings({ nearDuplicates: 2 })).rows;
    expect(groupsOf(grouped)).toEqual({
      ...{ a: "home", b: "home", c: "home", d: "home" },
      ...{ e: "by itself", f: "by itself" },
    });
  });

  it("without the flag are the list's alone, with all copies of the same bytes", () => {
    const rows = [
      row("a", far(1), { group: "shop" }),
      row("a", far(1), { id: "copy" }),
      row("b", far(1, 1)),
      row("c", far(2)),
      row("c", far(2), { id: "twin" }),
    ];
    const { rows: grouped, remarks } = withLikeness(rows, false, settings({}));
    expect(groupsOf(grouped)).toEqual({ a: "shop", copy: "shop", b: null, c: null, twin: null });
    expect(remarks).toEqual([]);
  });

  it("are neither of photos of one colour, nor joined by unlabelled and test photos", () => {
    const rows = [
      row("a", "0000000000000000"),
      row("b", "0000000000000000"),
      row("c", far(1)),
      row("d", far(1, 2), { label: null, split: null }),
      row("e", far(1, 4)),
      row("f", far(1, 1), { split: "test", group: "own" }),
    ];
    const { rows: grouped, remarks } = withLikeness(rows, false, settings({ nearDuplicates: 2 }));
    expect(groupsOf(grouped)).toEqual({ a: null, b: null, c: null, d: null, e: null, f: "own" });
    expect(remarks).toEqual([
      "--near-duplicates 2: no photo nearly repeats another",
      "1 test photo nearly repeats a training photo (at most 2 of 64 bits of their perceptual hashes differ)",
    ]);
  });

  it("hold a thousand copies of one picture without comparing each with each", () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => row(`photo ${i}`, far(1)));
    const { rows: grouped } = withLikeness(rows, true, settings({ nearDuplicates: 4 }));
    expect(new Set(grouped.map(({ group }) => group))).toEqual(new Set(["photo 0"]));
  });
});

/** 300 photos of two classes, every third with two near-duplicates. */
function photos(): HashedRow[] {
  return Array.from({ length: 300 }, (_, i) => {
    const [first, copy] = [Math.floor(i / 3), i % 3];
    return row(`${first} ${copy}`, first % 3 === 0 ? far(first, copy) : far(1000 + i), {
      label: first % 2 === 0 ? "cat" : "dog",
      split: copy === 0 && first % 4 === 0 ? "validation" : "train",
    });
  });
}

const sidesOf = (rows: readonly HashedRow[]) => {
  const sides = new Map<string, Set<Split | null>>();
  for (const { group, split } of rows)
    if (group !== null) sides.set(group, (sides.get(group) ?? new Set()).add(split));
  return [...sides.values()].map((side) => side.size);
};

describe.each(["stratified", "hash"] as const)("the %s split", (split) => {
  it("keeps near-duplicates on one side, at about the wanted share, and test photos where they are", () => {
    const rows = [...photos(), row("test", far(999), { split: "test" })];
    const config = settings({ nearDuplicates: 2, split, valFraction: 0.2 });
    const { rows: placed, isSplitAnew, near } = withLikeness(rows, false, config);
    const sides = sidesOf(placed);
    expect(sides.length).toBeGreaterThan(25);
    expect(new Set(sides)).toEqual(new Set([1]));
    expect({ isSplitAnew, near }).toEqual({ isSplitAnew: true, near: 0 });
    const validation = placed.filter((each) => each.split === "validation").length;
    expect(Math.abs(validation / 300 - 0.2)).toBeLessThan(split === "hash" ? 0.1 : 0.02);
    expect(placed.at(-1)?.split).toBe("test");
  });
});

it("stays as it is where no photo is near another", () => {
  const rows = [row("a", far(1)), row("b", far(2), { split: "validation" }), row("c", far(3))];
  const { rows: placed, isSplitAnew } = withLikeness(rows, false, settings({ nearDuplicates: 2 }));
  expect({ placed, isSplitAnew }).toEqual({ placed: rows, isSplitAnew: false });
});

it("goes by hash where the lowest sha256 of a group goes, or the group's name on the list", () => {
  const rows = Array.from({ length: 40 }, (_, i) => [
    row(`${i} b`, far(i), { group: `${i} a` }),
    row(`${i} a`, far(i), { group: `${i} a` }),
    row(`${i} c`, far(i), { group: `shop ${i}` }),
    row(`${i} d`, far(i)),
  ]).flat();
  const config = { split: "hash", valFraction: 0.5, splitSeed: 3 } as const;
  const side = (name: string) => (isValidationByHash(name, 0.5, 3) ? "validation" : "train");
  expect(splitByGroups(rows, config).map((each) => each.split)).toEqual(
    Array.from({ length: 40 }, (_, i) => [`${i} a`, `${i} a`, `group shop ${i}`, `${i} d`].map(side)).flat(),
  );
});

describe("a training photo's near-duplicates on the other side", () => {
  const rows = [
    row("a", far(1)),
    row("b", far(1, 4), { split: "validation" }),
    row("c", far(1), { split: "validation" }),
    row("d", far(2), { split: "validation" }),
    row("e", far(1, 1), { split: "test" }),
    row("f", far(1, 5), { split: "test" }),
    row("g", "0000000000000000"),
    row("h", "0000000000000000", { split: "validation" }),
  ];

  it("are counted and said, with the flag that groups them", () => {
    expect(withLikeness(rows, false, settings({}))).toMatchObject({ near: 3, distance: 4 });
    expect(withLikeness(rows, false, settings({})).remarks).toEqual([
      "2 validation and 1 test photos nearly repeat a training photo (at most 4 of 64 bits of their perceptual hashes differ): --near-duplicates 4 keeps such on one side",
    ]);
  });

  it("stay where the split is given", () => {
    const { rows: placed, remarks } = withLikeness(rows, true, settings({ nearDuplicates: 4 }));
    expect(placed.map(({ split }) => split)).toEqual(rows.map(({ split }) => split));
    expect(remarks).toEqual([
      "--near-duplicates 4: 3 photos nearly repeat one another in 1 group, the largest of 3; the given split stays as it is",
      expect.stringMatching(/^the largest group/),
      "2 validation and 1 test photos nearly repeat a training photo (at most 4 of 64 bits of their perceptual hashes differ): the split is given, which --near-duplicates leaves as it is",
    ]);
  });
});
