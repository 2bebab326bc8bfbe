import { describe, expect, it } from "vitest";
import { countsOf, listing, partsOf } from "../layout/listed.ts";
import { folderOf } from "../photo-set.ts";
import * as competitions from "./competitions.ts";
import * as folderSets from "./folder-sets.ts";
import * as partSets from "./part-sets.ts";
import { settingsOf } from "./settings-of.ts";
import { classPhotos, photos, rows } from "./well-known-set.ts";

const sets = [...Object.values(competitions), ...Object.values(partSets), ...Object.values(folderSets)];

describe("a well-known set", () => {
  it.each(sets)("is read as published: $name", async ({ files, counts, parts, unlabelled, flag }) => {
    const root = await folderOf(files);
    if (flag !== null) await expect(listing(root)).rejects.toThrow(flag);
    const found = await listing(root, settingsOf(flag));
    expect(countsOf(found)).toEqual({ ...counts, ...(unlabelled > 0 ? { "-": unlabelled } : {}) });
    expect(partsOf(found)).toEqual(parts);
  });

  it("is refused by name where its photos have several labels each: iMet", async () => {
    const root = await folderOf({
      "train.csv": rows("id,attribute_ids", 12, (i) => `1000483014d91860${i},${147 + i} ${616 + i} 813`),
      "labels.csv": rows("attribute_id,attribute_name", 4, (i) => `${i},country::${i}`),
      "sample_submission.csv": "id,attribute_ids\n10023b2cc4ed5f680,0 1 2\n",
      ...photos(12, (i) => `train/1000483014d91860${i}.png`),
      "test/10023b2cc4ed5f680.png": "",
    });
    await expect(listing(root)).rejects.toThrow(/several labels in one cell \(147 616 813\)/);
  });

  it("is refused by name where its labels are MATLAB's: Flowers-102", async () => {
    const root = await folderOf({
      ...photos(8, (i) => `jpg/image_0000${i + 1}.jpg`),
      ...{ "imagelabels.mat": "", "setid.mat": "" },
    });
    await expect(listing(root)).rejects.toThrow(/imagelabels\.mat.*save it as CSV/);
  });

  it("is asked about where a folder beside its parts has parts of its own, with other photos", async () => {
    const root = await folderOf({
      ...classPhotos(["a", "b"], 3, (label, i) => `train/${label}/${i}.jpg`),
      ...classPhotos(["a", "b"], 1, (label, i) => `test/${label}/${i}.jpg`),
      ...classPhotos(["a", "b"], 2, (label, i) => `round 2/train/${label}/9${i}.jpg`),
    });
    await expect(listing(root)).rejects.toThrow('--ignore "round 2/**"');
    expect(partsOf(await listing(root, settingsOf('--ignore "round 2/**"')))).toEqual({ train: 6, test: 2 });
    expect(countsOf(await listing(root, settingsOf('--photos "round 2"')))).toEqual({ a: 2, b: 2 });
  });
});
