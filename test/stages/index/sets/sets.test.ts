import { describe, expect, it } from "vitest";
import { countsOf, listing, partsOf } from "../layout/listed.ts";
import { folderOf } from "../photo-set.ts";
import * as competitions from "./competitions.ts";
import * as folderSets from "./folder-sets.ts";
import * as partSets from "./part-sets.ts";
import { settingsOf } from "./settings-of.ts";

const sets = [...Object.values(competitions), ...Object.values(partSets), ...Object.values(folderSets)];

describe("a well-known set", () => {
  it.each(sets)("is read as published: $name", async ({ files, counts, parts, unlabelled, flag }) => {
    const root = await folderOf(files);
    if (flag !== null) await expect(listing(root)).rejects.toThrow(flag);
    const found = await listing(root, settingsOf(flag));
    expect(countsOf(found)).toEqual({ ...counts, ...(unlabelled > 0 ? { "-": unlabelled } : {}) });
    expect(partsOf(found)).toEqual(parts);
  });
});
